import { isAbsolute, normalize } from "node:path";
import { CorruptData, InvalidInput, UnsupportedFormat } from "../../../domain/errors.ts";
import { besidePath } from "../files/files-path.ts";
import type { MetaImageHeader } from "./metaimage-header.ts";

/**
 * The files that hold the voxels of a header: one, a list, or a printf pattern with its first and
 * last number and step. Only beside or below the header, so that a header cannot point anywhere.
 *
 * @param planes along z; several files hold equally many each
 */
export function metaImageFiles(
  { fields, list }: MetaImageHeader,
  path: string,
  planes: number,
  subject: string,
): string[] {
  const value = fields.get("ElementDataFile")!;
  const [pattern = "", min, max, step = "1"] = value.split(/\s+/);
  let names = [value];
  if (/^LIST(\s+\d+D?)?$/.test(value)) names = [...list];
  else if (/%0?\d*d/.test(pattern) && max !== undefined) {
    names = numbered(pattern, Number(min), Number(max), Number(step), subject);
  }
  if (names.length === 0) throw new CorruptData(`${subject} lists no data files`);
  if (new Set(names).size < names.length) {
    throw new CorruptData(`${subject} lists ${names.length} data files, one of them twice`);
  }
  if (planes % names.length !== 0) {
    throw new UnsupportedFormat(
      `${subject} has ${planes} planes in ${names.length} files, expected equally many in each`,
    );
  }
  return names.map((name) => {
    const outside = isAbsolute(name) || normalize(name).startsWith("..");
    if (name === "" || outside || name.includes("\0")) {
      throw new InvalidInput(
        `${subject} has its data in ${name || "(no name)"}, outside its own folder`,
      );
    }
    return besidePath(path, name);
  });
}

/** `s%03d.raw` for 8 to 10: `s008.raw`, `s009.raw`, `s010.raw`. */
function numbered(pattern: string, min: number, max: number, step: number, subject: string) {
  const count = Math.floor((max - min) / step) + 1;
  if (!Number.isSafeInteger(count) || count < 1 || count > 100_000) {
    throw new CorruptData(`${subject} numbers its data files ${min} to ${max} by ${step}`);
  }
  return Array.from({ length: count }, (_, i) =>
    pattern.replace(/%(0?)(\d*)d/, (_match, zero: string, width: string) =>
      String(min + i * step).padStart(Math.min(Number(width || 0), 20), zero === "" ? " " : "0"),
    ),
  );
}
