import { InvalidInput } from "../../../domain/errors.ts";
import type { FileAccess } from "./files-access.ts";
import { joinPath } from "./files-path.ts";

/**
 * The objects whose names match the last segment of an `s3://` URL: `*`, `?`, `[a-c]`, `[!a-c]`,
 * `{a,b}`, as in a shell. `InvalidInput` for a pattern in the folders before: that would list the
 * whole bucket.
 */
export async function matchS3(
  files: FileAccess,
  pattern: string,
  subject: string,
): Promise<string[]> {
  const cut = pattern.lastIndexOf("/");
  const [folder, last] = [pattern.slice(0, cut), pattern.slice(cut + 1)];
  if (/[*?[{]/.test(folder)) {
    throw new InvalidInput(
      `${subject}: only the last part of an s3:// source may be a pattern, got ${pattern}`,
    );
  }
  const matches = toRegExp(last, `${subject}: ${pattern}`);
  const entries = await files.list(folder, subject);
  return entries
    .filter(({ name, kind }) => kind === "file" && matches.test(name))
    .map(({ name }) => joinPath(folder, name));
}

function toRegExp(pattern: string, subject: string): RegExp {
  try {
    return new RegExp(`^${toSource(pattern)}$`, "su");
  } catch (cause) {
    throw new InvalidInput(`${subject} is no pattern of file names`, { cause });
  }
}

function toSource(pattern: string): string {
  return pattern.replace(
    /\{([^{}]*)\}|\[(!?)([^\]]+)\]|[\s\S]/gu,
    (token, either?: string, not?: string, oneOf?: string) => {
      if (either !== undefined) return `(?:${either.split(",").map(toSource).join("|")})`;
      if (oneOf !== undefined)
        return `[${not === "!" ? "^" : ""}${oneOf.replace(/[\\^[]/g, "\\$&")}]`;
      if (token === "*") return "[^/]*";
      return token === "?" ? "[^/]" : token.replace(/[\\^$.|+()[\]{}/]/, "\\$&");
    },
  );
}
