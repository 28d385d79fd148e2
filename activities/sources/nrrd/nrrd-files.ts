import { basename, isAbsolute, normalize } from "node:path";
import { CorruptData, InvalidInput } from "../../../domain/errors.ts";
import { besidePath } from "../files/files-path.ts";
import type { NrrdHeader } from "./nrrd-header.ts";

/** More files are no scan. */
const MAX_FILES = 100_000;

/**
 * The files of a detached header. `InvalidInput` for one that is not beside or below it, so that a
 * header cannot point anywhere.
 *
 * @param path the header's own
 */
export function nrrdDataFiles(
  { fields, list }: Pick<NrrdHeader, "fields" | "list">,
  path: string,
  subject: string,
): string[] {
  const value = fields.get("data file") ?? "";
  const [pattern, min, max, step = "1"] = value.split(/\s+/);
  let names = [value];
  if (/^LIST(\s+\d+)?$/.test(value)) names = [...list];
  else if (/%0?\d*d/.test(pattern ?? "") && max !== undefined) {
    names = numbered(pattern!, Number(min), Number(max), Number(step), subject);
  }
  if (names.length === 0) throw new CorruptData(`${subject} lists no data files`);
  const twice = names.length === new Set(names).size ? undefined : "one of them twice";
  if (names.length > MAX_FILES || twice !== undefined) {
    throw new CorruptData(
      `${subject} lists ${names.length} data files, ${twice ?? `expected up to ${MAX_FILES}`}`,
    );
  }
  return names.map((name) => {
    if (isAbsolute(name) || normalize(name).startsWith("..") || name.includes("\0")) {
      throw new InvalidInput(
        `${subject} has its data in ${JSON.stringify(name.slice(0, 200))}, outside its own folder`,
      );
    }
    if (normalize(name) === basename(path)) {
      throw new InvalidInput(`${subject} names itself as the file of its data`);
    }
    return besidePath(path, name);
  });
}

function numbered(
  pattern: string,
  min: number,
  max: number,
  step: number,
  subject: string,
): string[] {
  const count = Math.floor((max - min) / step) + 1;
  const width = Number(/%0?(\d*)d/.exec(pattern)?.[1] ?? 0);
  if (!Number.isSafeInteger(count) || count < 1 || count > MAX_FILES || width > 32) {
    throw new CorruptData(
      `${subject} numbers its data files ${min} to ${max} by ${step}, ${width} digits wide`,
    );
  }
  return Array.from({ length: count }, (_, i) =>
    pattern.replace(/%(0?)\d*d/, (_match, zero: string) =>
      String(min + i * step).padStart(width, zero === "" ? " " : "0"),
    ),
  );
}
