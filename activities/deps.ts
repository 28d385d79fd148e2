/** The ports: what the pipeline needs of the world, as structural types. */

export interface ObjectInfo {
  readonly key: string;
  readonly bytes: number;
}

export type ByteRange =
  { readonly offset: number; readonly length: number } | { readonly suffixLength: number };

/**
 * Where every artifact lives: keys to immutable bytes.
 *
 * Every method may throw `StoreUnavailable` (worth a retry) or `StoreDenied` (not). A key that is
 * not there is `undefined`, never an error. Returned bytes are standalone: no view into a pool.
 */
export interface ObjectStore {
  /** How a person finds a key: `url("a/b")` is `s3://bucket/a/b` or a file path. */
  url(key: string): string;
  get(key: string): Promise<Uint8Array | undefined>;
  getRange(key: string, range: ByteRange): Promise<Uint8Array | undefined>;
  /** @param sha256 of the bytes, in hex, where it is known: who sends them need not find it out again */
  put(key: string, bytes: Uint8Array, sha256?: string): Promise<void>;
  /** Store only if nothing is there (S3 `If-None-Match: *`); false when something was. */
  putIfAbsent(key: string, bytes: Uint8Array): Promise<boolean>;
  head(key: string): Promise<ObjectInfo | undefined>;
  /** Every object whose key starts with `prefix`, in key order. */
  list(prefix: string): AsyncIterable<ObjectInfo>;
  delete(key: string): Promise<void>;
}

/** One message a job sends while it works; `fraction` is 0 to 1 of the whole job. */
export interface Progress {
  readonly fraction: number;
  /** A few words for a person: "slice 40 of 300", "step 120, loss 1.31". */
  readonly note?: string;
}
