/** Where the pieces that the set-up brings are; undefined for what is not there. */
export interface PiecePaths {
  readonly cacheRoot: string;
  readonly temporal: string | undefined;
  readonly temporalTestServer: string | undefined;
  readonly minio: string | undefined;
  readonly tensorflowAddon: string | undefined;
  /** The unpacked wheel's `tensorflow/`: libraries and headers. */
  readonly tensorflowDir: string | undefined;
  readonly tensorflowBuild: "cpu" | "gpu";
  readonly flyTif: string | undefined;
  readonly shellTif: string | undefined;
  readonly testPython: string | undefined;
}

export declare function piecePaths(env?: NodeJS.ProcessEnv, checkout?: string): PiecePaths;
export declare function pieceEnvironment(
  env?: NodeJS.ProcessEnv,
  checkout?: string,
): Record<string, string>;
