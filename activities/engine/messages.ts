import type { Progress } from "../deps.ts";

/** An error on its way between processes. */
export interface ErrorMessage {
  readonly name: string;
  readonly message: string;
  readonly stack?: string;
}

/** What the parent tells its child. */
export type ToChild =
  | { readonly type: "run"; readonly id: number; readonly name: string; readonly input: unknown }
  | { readonly type: "cancel"; readonly id: number; readonly reason: ErrorMessage };

/** What the child tells its parent. */
export type ToParent =
  | { readonly type: "ready" }
  | { readonly type: "unready"; readonly error: ErrorMessage }
  | { readonly type: "progress"; readonly id: number; readonly progress: Progress }
  | { readonly type: "result"; readonly id: number; readonly value: unknown }
  | { readonly type: "failure"; readonly id: number; readonly error: ErrorMessage };
