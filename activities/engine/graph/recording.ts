import type { TFEOpAttr } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";

/** Where a tensor of a recorded program comes from. */
export type Source =
  | { readonly kind: "input"; readonly name: string }
  | { readonly kind: "state"; readonly name: string }
  | { readonly kind: "constant"; readonly index: number }
  | { readonly kind: "operation"; readonly index: number; readonly output: number };

/** An operation that was executed; attributes as tfjs gave them, defaults left out. */
export interface Operation {
  readonly op: string;
  readonly attributes: readonly TFEOpAttr[];
  readonly inputs: readonly Source[];
}

/** An array by TensorFlow's number of its type. */
export interface Described {
  readonly dtype: number;
  readonly shape: readonly number[];
}

/** An array that the program made without TensorFlow, or found. */
export interface Constant extends Described {
  readonly values: Float32Array | Int32Array | Uint8Array;
}

/** Something that the program gives back. */
export interface Result extends Described {
  readonly source: Source;
}

/** What a program did, operation by operation in an order that can be repeated. */
export interface Recording {
  readonly operations: readonly Operation[];
  readonly constants: readonly Constant[];
  /** By name, in the order of the program's. */
  readonly inputs: ReadonlyMap<string, Described>;
  readonly state: ReadonlyMap<string, Described>;
  /** What every variable of the state holds afterwards. */
  readonly after: ReadonlyMap<string, Source>;
  readonly results: readonly Result[];
}
