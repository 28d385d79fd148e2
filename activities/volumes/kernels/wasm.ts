/** What is used of WebAssembly, whose types TypeScript has only for browsers. */
interface Wasm {
  readonly Module: new (bytes: Uint8Array) => object;
  readonly Memory: new (pages: {
    readonly initial: number;
    readonly maximum: number;
    readonly shared: true;
  }) => WasmMemory;
  readonly Instance: new (module: object, imports: object) => { readonly exports: object };
}

/** Memory that kernels work in. Threads share it: in a message it travels as it is. */
export interface WasmMemory {
  readonly buffer: SharedArrayBuffer;
}

export const { Module, Memory, Instance } = (globalThis as unknown as { WebAssembly: Wasm })
  .WebAssembly;

const PAGE = 65_536;

/** One page less than there can be: as many bytes as a typed array may have. */
export const MAX_WASM_BYTES = 65_535 * PAGE;

/** Zeroed memory of at least so many bytes; the system gives it when it is touched. */
export function createWasmMemory(bytes: number): WasmMemory {
  const pages = Math.max(1, Math.ceil(bytes / PAGE));
  return new Memory({ initial: pages, maximum: pages, shared: true });
}
