export declare function addonVersion(
  addon: string,
  env?: NodeJS.ProcessEnv,
  signal?: AbortSignal,
): Promise<string>;
