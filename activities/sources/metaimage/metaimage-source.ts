import { basename } from "node:path";
import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import type { JsonObject } from "../../../domain/volumes/ome-metadata.ts";
import type { Dtype, Zyx } from "../../../domain/volumes/shape.ts";
import { fileSize, openFile } from "../files/file-bytes.ts";
import { metaImageFiles } from "./metaimage-files.ts";
import {
  metaImageFlag,
  metaImageType,
  type MetaImageHeader,
  parseMetaImageHeader,
} from "./metaimage-header.ts";
import { checkShape } from "../plane-checks.ts";
import type { ScanSource, SourceSpec } from "../source.ts";
import { checkSize, type PlaneLayout, streamVoxels } from "../stream-voxels.ts";
import { micrometresPer } from "../voxel-size/voxel-size-units.ts";

/** Longer headers are not headers. */
const MAX_HEADER = 1024 * 1024;

/** A MetaImage: `.mha` with its voxels behind the header, `.mhd` with them in files beside it. */
export async function openMetaImage(spec: SourceSpec, path: string): Promise<ScanSource> {
  const { scan } = spec;
  const subject = `${scan} (${basename(path)})`;
  const file = await openFile(path, scan);
  const start = await file
    .read(0, Math.min(MAX_HEADER, file.size), "the header")
    .finally(() => file.close());
  const header = parseMetaImageHeader(Buffer.from(start).toString("latin1"), subject);
  const { fields } = header;
  const dtype = metaImageType(fields.get("ElementType"), subject);
  checkKind(fields, subject);
  const shape = readShape(fields, subject);
  checkShape(shape, dtype, subject);
  const endian = metaImageFlag(fields.get("BinaryDataByteOrderMSB")) ? "big" : "little";
  const zlib = metaImageFlag(fields.get("CompressedData"));
  const local = fields.get("ElementDataFile")!.toUpperCase() === "LOCAL";
  const files = local ? [path] : metaImageFiles(header, path, shape[0], subject);
  const sizes: number[] = [];
  for (const each of files) sizes.push(await fileSize(each, scan));
  const layout: PlaneLayout = {
    scan,
    files,
    shape,
    dtype,
    endian,
    gzip: zlib,
    skip: 0,
    before: readSkip(header, { local, zlib, shape, dtype, sizes }, subject),
  };
  checkSize(
    layout,
    sizes.reduce((sum, size) => sum + size, 0),
  );
  if (!zlib) checkShares(layout, sizes, subject);
  return {
    format: "metaimage",
    shape,
    dtype,
    voxelSizeUm: readSpacing(fields, spec, subject),
    files: local ? files : [path, ...files],
    origin: describeOrigin(fields, endian),
    planes: (signal, place) => streamVoxels(layout, signal, place),
  };
}

function checkKind(fields: MetaImageHeader["fields"], subject: string): void {
  const kind = fields.get("ObjectType") ?? "Image";
  const channels = fields.get("ElementNumberOfChannels") ?? "1";
  if (kind !== "Image") throw new UnsupportedFormat(`${subject} is a ${kind}, expected an Image`);
  if (channels !== "1") {
    throw new UnsupportedFormat(`${subject} has ${channels} channels, expected 1`);
  }
  if (!metaImageFlag(fields.get("BinaryData") ?? "True")) {
    throw new UnsupportedFormat(`${subject} holds its voxels as text, expected BinaryData = True`);
  }
}

/** Axes of length 1 beyond the third do not matter. */
function readShape(fields: MetaImageHeader["fields"], subject: string): Zyx {
  const [dims, sizes = ""] = [fields.get("NDims"), fields.get("DimSize")];
  const counts = sizes.split(/\s+/).map(Number);
  if (counts.length !== Number(dims) || counts.some((n) => !Number.isSafeInteger(n) || n < 1)) {
    throw new CorruptData(
      `${subject} has DimSize ${sizes || "(none)"} for NDims ${dims ?? "(none)"}, expected as many whole numbers`,
    );
  }
  if (counts.length < 3 || counts.slice(3).some((n) => n !== 1)) {
    throw new UnsupportedFormat(`${subject} has ${counts.length} axes (${sizes}), expected 3`);
  }
  return [counts[2]!, counts[1]!, counts[0]!];
}

interface Stored {
  readonly local: boolean;
  readonly zlib: boolean;
  readonly shape: Zyx;
  readonly dtype: Dtype;
  readonly sizes: readonly number[];
}

/** Bytes before the voxels of each file. `HeaderSize = -1`: whatever is left before the last ones. */
function readSkip(
  { fields, bytes }: MetaImageHeader,
  { local, zlib, shape, dtype, sizes }: Stored,
  subject: string,
): number {
  const said = Number(fields.get("HeaderSize") ?? 0);
  if (said === 0) return local ? bytes : 0;
  if (said > 0 && Number.isSafeInteger(said) && (!local || said >= bytes)) return said;
  if (said !== -1 || zlib) {
    throw new UnsupportedFormat(
      `${subject} has HeaderSize ${fields.get("HeaderSize")}${zlib ? " with compressed data" : ""}, which is not read`,
    );
  }
  const needed = (shape[0] * shape[1] * shape[2] * bytesPerVoxel(dtype)) / sizes.length;
  const skips = new Set(sizes.map((size) => size - needed));
  const [skip = 0] = skips;
  if (skips.size === 1 && skip >= (local ? bytes : 0)) return skip;
  throw new CorruptData(
    `${subject} says that its voxels end its ${sizes.length} files, expected ${needed} bytes in each, which have ${[...new Set(sizes)].slice(0, 4).join(", ")}`,
  );
}

/** Of several files each holds its share: bytes too many in one would shift those of the next. */
function checkShares(layout: PlaneLayout, sizes: readonly number[], subject: string): void {
  const { files, shape, dtype, before = 0 } = layout;
  if (files.length === 1) return;
  const share = before + (shape[0] / files.length) * shape[1] * shape[2] * bytesPerVoxel(dtype);
  const wrong = sizes.findIndex((size) => size !== share);
  if (wrong < 0) return;
  throw new CorruptData(
    `${subject}: ${basename(files[wrong]!)} has ${sizes[wrong]} bytes, expected ${share}`,
  );
}

/**
 * `DistanceUnits` is rare; without it lengths are taken for millimetres, ITK's, and
 * `origin.unitKnown` says so. Spacings of 1 without a unit are what writers put when they know none.
 */
function readSpacing(
  fields: MetaImageHeader["fields"],
  { voxelSizeOverrides }: SourceSpec,
  subject: string,
): Zyx | undefined {
  const text = fields.get("ElementSpacing") ?? fields.get("ElementSize");
  if (text === undefined) return undefined;
  const spacings = text.split(/\s+/).slice(0, 3).map(Number);
  if (spacings.length < 3 || spacings.some((s) => !(s > 0) || !Number.isFinite(s))) {
    if (voxelSizeOverrides === true) return undefined;
    throw new CorruptData(`${subject} has ElementSpacing ${text}, expected three positive numbers`);
  }
  const unit = micrometresPer(fields.get("DistanceUnits") ?? "");
  if (unit === undefined && spacings.every((s) => s === 1)) return undefined;
  const [x, y, z] = spacings.map((s) => Number((s * (unit ?? 1000)).toPrecision(9)));
  return [z!, y!, x!];
}

function describeOrigin(fields: MetaImageHeader["fields"], endian: string): JsonObject {
  return {
    format: "metaimage",
    endian,
    unitKnown: micrometresPer(fields.get("DistanceUnits") ?? "") !== undefined,
    fields: Object.fromEntries(fields),
  };
}
