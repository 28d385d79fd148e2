export declare const VERSIONS: {
  readonly temporal: string;
  readonly temporalTestServer: string;
  readonly tensorflow: string;
  readonly qim3d: string;
  readonly minio: string;
  readonly go: string;
};
export declare const MINIO_MODULE: string;
export declare const OLDEST_GO: readonly [major: number, minor: number];
export declare const OLDEST_NODE: readonly [major: number, minor: number];
export declare const OLDEST_PYTHON: readonly [major: number, minor: number];
export declare const TEST_PACKAGES: readonly string[];
export declare const ADDON_FLAGS: readonly string[];
