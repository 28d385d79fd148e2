export declare function extractWheel(
  context: { readonly signal?: AbortSignal },
  wheel: string,
  folder: string,
  wanted: (name: string) => boolean,
  target?: (name: string) => string,
): Promise<number>;
