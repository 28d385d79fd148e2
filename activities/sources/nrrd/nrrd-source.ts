import { basename } from "node:path";
import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import type { JsonObject } from "../../../domain/volumes/ome-metadata.ts";
import type { Zyx } from "../../../domain/volumes/shape.ts";
import type { Endian } from "../byte-order.ts";
import { fileSize, openFile } from "../files/file-bytes.ts";
import { nrrdDataFiles } from "./nrrd-files.ts";
import { type NrrdHeader, nrrdType, parseNrrdHeader } from "./nrrd-header.ts";
import { readNrrdSpacing } from "./nrrd-spacing.ts";
import { checkShape } from "../plane-checks.ts";
import type { ScanSource, SourceSpec } from "../source.ts";
import { checkSpacing } from "../voxel-size/spacing-check.ts";
import { checkSize, type PlaneLayout, streamVoxels } from "../stream-voxels.ts";
import { checkVoxelsEnd } from "../voxels-end.ts";

/** Longer headers are not headers. */
const MAX_HEADER = 1024 * 1024;

/** A NRRD file, or a NRRD header with its voxels in files of the same folder. */
export async function openNrrd(spec: SourceSpec, path: string): Promise<ScanSource> {
  const { scan } = spec;
  const subject = `${scan} (${basename(path)})`;
  const file = await openFile(path, scan);
  const start = await file
    .read(0, Math.min(MAX_HEADER, file.size), "the header")
    .finally(() => file.close());
  const text = Buffer.from(start).toString("latin1");
  if (file.size > MAX_HEADER && !/\n\r?\n/.test(text)) {
    throw new CorruptData(`${subject} has a header that is longer than ${MAX_HEADER} bytes`);
  }
  const header = parseNrrdHeader(text, subject);
  const { fields } = header;
  const dtype = nrrdType(fields.get("type"), subject);
  const shape = readShape(fields, subject);
  checkShape(shape, dtype, subject);
  const endian = readEndian(fields, dtype.endsWith("8"), subject);
  const encoding = fields.get("encoding")?.toLowerCase();
  if (encoding === undefined) throw new CorruptData(`${subject} does not say its encoding`);
  const gzip = encoding === "gzip" || encoding === "gz";
  if (encoding !== "raw" && !gzip) {
    throw new UnsupportedFormat(`${subject} is encoded as ${encoding}, expected raw or gzip`);
  }
  const detached = fields.has("data file");
  const files = detached ? nrrdDataFiles(header, path, subject) : [path];
  const sizes: number[] = [];
  for (const each of files) sizes.push(await fileSize(each, scan));
  const layout: PlaneLayout = {
    scan,
    files,
    shape,
    dtype,
    endian,
    gzip,
    ...readSkip(header, detached, subject),
  };
  checkSize(
    layout,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  if (!gzip) checkSizes(layout, sizes, subject);
  const { voxelSizeUm, bad } = readNrrdSpacing(fields);
  checkSpacing(bad, spec, subject);
  return {
    format: "nrrd",
    shape,
    dtype,
    voxelSizeUm,
    files: detached ? [path, ...files] : files,
    origin: describeOrigin(header, endian),
    planes: (signal, place) => streamVoxels(layout, signal, place),
  };
}

function readShape(fields: NrrdHeader["fields"], subject: string): Zyx {
  const [dimension, sizes] = [fields.get("dimension"), fields.get("sizes")];
  const words = sizes?.split(/\s+/) ?? [];
  const counts = words.map((word) => (/^\d+$/.test(word) ? Number(word) : NaN));
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

/** `CorruptData` when raw files hold more or fewer bytes than their part of the voxels. */
function checkSizes(layout: PlaneLayout, sizes: readonly number[], subject: string): void {
  const { shape, dtype, before = 0, skip, files } = layout;
  const voxels = shape[0] * shape[1] * shape[2] * bytesPerVoxel(dtype);
  if (files.length === 1) return checkVoxelsEnd(layout, before + skip + voxels, sizes[0]!, subject);
  const each = skip + voxels / files.length;
  const odd = sizes.findIndex((size) => size !== each);
  if (odd < 0) return;
  throw new CorruptData(
    `${layout.scan} (${basename(files[odd]!)}) has ${sizes[odd]} bytes, expected ${each}: ${files.length} files of [${shape}] ${dtype}`,
  );
}

function describeOrigin({ fields, pairs }: NrrdHeader, endian: Endian): JsonObject {
  const units = fields.get("space units") ?? fields.get("units") ?? "";
  return {
    format: "nrrd",
    endian,
    unitKnown: /"[^"]+"/.test(units),
    fields: Object.fromEntries(fields),
    pairs: Object.fromEntries(pairs),
  };
}
