export declare function cacheRoot(env: NodeJS.ProcessEnv): string;
export declare function findPiece(root: string, id: string): string | undefined;
export declare function buildPiece(
  root: string,
  id: string,
  build: (draft: string) => Promise<void>,
): Promise<string>;
export declare function sweepDrafts(root: string): void;
export declare function discard(root: string, folder: string): void;
