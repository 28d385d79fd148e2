import { InvalidInput } from "../../domain/errors.ts";

/** S3 allows no more, in UTF-8. */
const MAX_KEY_BYTES = 1024;

/**
 * Pass a key through if every store can hold it: `a/b.c`, relative, without empty, `.` or `..`
 * segments, backslashes or control characters. Anything else is `InvalidInput`, so that no key
 * leaves its root, whatever it was made from.
 */
export function checkKey(key: string): string {
  const problem = key === "" ? "is empty" : problemOf(key);
  if (problem !== undefined) throw new InvalidInput(`Store key ${JSON.stringify(key)} ${problem}`);
  return key;
}

/** The same for the beginning of keys; may be empty, may end in `/` or in the middle of a name. */
export function checkPrefix(prefix: string): string {
  const problem = prefix === "" ? undefined : problemOf(prefix.replace(/\/$/, ""));
  if (problem === undefined) return prefix;
  throw new InvalidInput(`Store prefix ${JSON.stringify(prefix)} ${problem}`);
}

function problemOf(key: string): string | undefined {
  if (/[\u0000-\u001f\u007f\\]/.test(key)) return "holds a control character or a backslash";
  if (/\p{Surrogate}/u.test(key)) return "is not well-formed Unicode";
  for (const segment of key.split("/")) {
    if (segment === "") return "has an empty segment, or begins or ends with a slash";
    if (segment === "." || segment === "..") return `has a segment ${segment}`;
    if (Buffer.byteLength(segment) > 255) return "has a segment of more than 255 bytes";
  }
  if (Buffer.byteLength(key) > MAX_KEY_BYTES) return `is longer than ${MAX_KEY_BYTES} bytes`;
  return undefined;
}
