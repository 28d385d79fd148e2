export interface SetupOptions {
  readonly only?: readonly string[];
  readonly extra?: readonly string[];
  readonly gpu?: boolean;
  readonly quiet?: boolean;
  readonly env?: NodeJS.ProcessEnv;
  readonly stream?: NodeJS.WritableStream;
  readonly checkout?: string;
}

export declare function setup(options?: SetupOptions): Promise<{
  readonly code: number;
  readonly failures: readonly { readonly piece: string; readonly message: string }[];
}>;
