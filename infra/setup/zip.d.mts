export interface ZipMember {
  readonly name: string;
  readonly size: number;
  readonly packed: number;
  readonly method: number;
  readonly offset: number;
  readonly executable: boolean;
}

export declare function readZip(path: string): Promise<readonly ZipMember[]>;
export declare function extractMember(
  path: string,
  member: ZipMember,
  target: string,
  options?: { readonly onBytes?: (bytes: number) => void; readonly signal?: AbortSignal },
): Promise<string>;
export declare function memberPath(folder: string, name: string): string;
