export declare function withLock<T>(
  file: string,
  work: () => Promise<T>,
  options?: { readonly onWait?: (pid: number) => void; readonly signal?: AbortSignal },
): Promise<T>;
