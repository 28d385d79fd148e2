export declare function findPython(
  env: NodeJS.ProcessEnv,
): Promise<{ readonly command: string; readonly version: string }>;
