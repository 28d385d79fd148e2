import { basename, dirname, isAbsolute, join, normalize } from "node:path";
import { CorruptData, InvalidInput, UnsupportedFormat } from "../../domain/errors.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";
import type { Endian } from "./byte-order.ts";
import { fileSize, openFile } from "./file-bytes.ts";
import { type NrrdHeader, nrrdType, parseNrrdHeader, parseVectors } from "./nrrd-header.ts";
import { checkShape } from "./plane-checks.ts";
import type { ScanSource, SourceSpec } from "./source.ts";
import { checkSize, type PlaneLayout, streamVoxels } from "./stream-voxels.ts";

/** Longer headers are not headers. */
const MAX_HEADER = 1024 * 1024;

/** Micrometres per unit. */
const UNITS: Partial<Record<string, number>> = {
  m: 1e6,
  cm: 1e4,
  mm: 1e3,
  um: 1,
  µm: 1,
  μm: 1,
  micron: 1,
  nm: 1e-3,
};

/** A NRRD file, or a NRRD header with its voxels in files of the same folder. */
export async function openNrrd(spec: SourceSpec, path: string): Promise<ScanSource> {
  const { scan } = spec;
  const subject = `${scan} (${basename(path)})`;
  const file = await openFile(path, scan);
  const start = await file
    .read(0, Math.min(MAX_HEADER, file.size), "the header")
    .finally(() => file.close());
  const header = parseNrrdHeader(Buffer.from(start).toString("latin1"), subject);
  const { fields } = header;
  const dtype = nrrdType(fields.get("type"), subject);
  const shape = readShape(fields, subject);
  checkShape(shape, dtype, subject);
  const endian = readEndian(fields, dtype.endsWith("8"), subject);
  const encoding = (fields.get("encoding") ?? "raw").toLowerCase();
  const gzip = encoding === "gzip" || encoding === "gz";
  if (encoding !== "raw" && !gzip) {
    throw new UnsupportedFormat(`${subject} is encoded as ${encoding}, expected raw or gzip`);
  }
  const detached = fields.has("data file");
  const files = detached ? dataFiles(header, path, subject) : [path];
  let bytes = 0;
  for (const each of files) bytes += await fileSize(each, scan);
  const layout: PlaneLayout = {
    scan,
    files,
    shape,
    dtype,
    endian,
    gzip,
    ...readSkip(header, detached, subject),
  };
  checkSize(layout, bytes);
  return {
    format: "nrrd",
    shape,
    dtype,
    ...readSpacing(fields),
    files: detached ? [path, ...files] : files,
    origin: describeOrigin(header, endian),
    planes: (signal) => streamVoxels(layout, signal),
  };
}

function readShape(fields: NrrdHeader["fields"], subject: string): Zyx {
  const [dimension, sizes] = [fields.get("dimension"), fields.get("sizes")];
  const counts = sizes?.split(/\s+/).map(Number) ?? [];
  if (dimension === undefined || counts.length !== Number(dimension)) {
    throw new CorruptData(
      `${subject} has sizes ${sizes ?? "(none)"} for dimension ${dimension ?? "(none)"}`,
    );
  }
  if (counts.length !== 3) {
    throw new UnsupportedFormat(`${subject} has ${counts.length} axes, expected 3`);
  }
  if (counts.some((n) => !Number.isSafeInteger(n) || n < 1)) {
    throw new CorruptData(`${subject} has sizes ${sizes ?? ""}, expected three whole numbers`);
  }
  return [counts[2]!, counts[1]!, counts[0]!];
}

function readEndian(fields: NrrdHeader["fields"], bytes: boolean, subject: string): Endian {
  const endian = fields.get("endian")?.toLowerCase();
  if (endian === "little" || endian === "big") return endian;
  if (bytes) return "little";
  throw new CorruptData(`${subject} has endian ${endian ?? "(none)"}, expected little or big`);
}

function readSkip({ fields, bytes }: NrrdHeader, detached: boolean, subject: string) {
  const skip = Number(fields.get("byte skip") ?? 0);
  if (Number(fields.get("line skip") ?? 0) !== 0 || !Number.isSafeInteger(skip) || skip < 0) {
    throw new UnsupportedFormat(
      `${subject} skips lines or counts bytes from the end, which is not read`,
    );
  }
  return detached ? { skip, before: 0 } : { skip, before: bytes };
}

/** The files of a detached header; only beside or below it, so that a header cannot point anywhere. */
function dataFiles({ fields, list }: NrrdHeader, path: string, subject: string): string[] {
  const value = fields.get("data file") ?? "";
  const [pattern, min, max, step = "1"] = value.split(/\s+/);
  let names = [value];
  if (/^LIST(\s+\d+)?$/.test(value)) names = [...list];
  else if (/%0?\d*d/.test(pattern ?? "") && max !== undefined) {
    names = numbered(pattern!, Number(min), Number(max), Number(step), subject);
  }
  if (names.length === 0) throw new CorruptData(`${subject} lists no data files`);
  return names.map((name) => {
    if (isAbsolute(name) || normalize(name).startsWith("..") || name.includes("\0")) {
      throw new InvalidInput(`${subject} has its data in ${name}, outside its own folder`);
    }
    return join(dirname(path), name);
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
  if (!Number.isSafeInteger(count) || count < 1 || count > 100_000) {
    throw new CorruptData(`${subject} numbers its data files ${min} to ${max} by ${step}`);
  }
  return Array.from({ length: count }, (_, i) =>
    pattern.replace(/%(0?)(\d*)d/, (_match, zero: string, width: string) =>
      String(min + i * step).padStart(Number(width || 0), zero === "" ? " " : "0"),
    ),
  );
}

/** Spacing along an axis is the length of its direction. A unit that is not named is taken for millimetres. */
function readSpacing(fields: NrrdHeader["fields"]): { readonly voxelSizeUm: Zyx | undefined } {
  const vectors = parseVectors(fields.get("space directions"));
  const spacings =
    vectors.length === 3
      ? vectors.map((vector) => Math.hypot(...vector))
      : (fields.get("spacings")?.split(/\s+/).map(Number) ?? []);
  const units = (fields.get("space units") ?? fields.get("units") ?? "").match(/"[^"]*"/g) ?? [];
  const known = units.length > 0 || fields.has("space");
  const [x, y, z] = spacings.map((s, i) => {
    const unit = units[i]?.slice(1, -1).toLowerCase() ?? "";
    return Number((Math.abs(s) * (UNITS[unit] ?? 1000)).toPrecision(9));
  });
  // Spacings of 1 without a unit are what writers put when they know none.
  const blank = !known && spacings.every((s) => s === 1);
  const right = [z, y, x].every((s) => s !== undefined && s > 0 && Number.isFinite(s));
  return { voxelSizeUm: right && !blank ? [z!, y!, x!] : undefined };
}

function describeOrigin({ fields, pairs }: NrrdHeader, endian: Endian): JsonObject {
  return {
    format: "nrrd",
    endian,
    fields: Object.fromEntries(fields),
    pairs: Object.fromEntries(pairs),
  };
}
