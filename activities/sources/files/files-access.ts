import type { ByteRange } from "../../deps.ts";

/**
 * Where sources are read from: the disk, or an S3 server. Paths are absolute paths or `s3://` URLs.
 *
 * Every method throws domain errors that begin with `subject` (the scan, and the slice) and name
 * the path: `NotFound`, `InvalidInput`, `CorruptData`, and for a server `StoreDenied` and
 * `StoreUnavailable` (worth a retry).
 */
export interface FileAccess {
  /** What is at a path; undefined for nothing, or for nothing that may be looked at. */
  look(path: string, subject: string): Promise<FileKind | undefined>;
  /** The size of a regular file; `InvalidInput` for anything else that is there. */
  size(path: string, subject: string): Promise<number>;
  /** Differs when the file was written again. */
  version(path: string, subject: string): Promise<string>;
  open(path: string, subject: string): Promise<OpenFile>;
  /** The bytes from `start` on, in parts. Throws the signal's reason. */
  stream(path: string, subject: string, from: StreamFrom): AsyncIterable<Uint8Array>;
  /** What lies in a folder, not below. */
  list(folder: string, subject: string): Promise<readonly FolderEntry[]>;
  /** The files in a folder and below, named relative to it with `/`, in no order. */
  walk(folder: string, subject: string): Promise<readonly FileEntry[]>;
  /** A whole small file, or a range of it cut at its end; undefined where there is none. */
  get(path: string, subject: string, range?: ByteRange): Promise<Uint8Array | undefined>;
}

export type FileKind = "file" | "folder" | "other";

export interface StreamFrom {
  readonly start?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

export interface FolderEntry {
  readonly name: string;
  readonly kind: "file" | "folder";
}

export interface FileEntry {
  readonly name: string;
  readonly bytes: number;
}

/** A file that answers reads at any place, several at a time. */
export interface OpenFile {
  readonly size: number;
  /** Fill `target` from `offset`; false when the file ends before, though `size` said otherwise. */
  fill(target: Uint8Array, offset: number): Promise<boolean>;
  close(): Promise<void>;
}
