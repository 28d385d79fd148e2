import { basename } from "node:path";
import { Readable } from "node:stream";
import { createGunzip } from "node:zlib";
import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import { bytesPerVoxel } from "../../../domain/volumes/dtype.ts";
import type { JsonObject } from "../../../domain/volumes/ome-metadata.ts";
import type { Dtype, Zyx } from "../../../domain/volumes/shape.ts";
import { openFile } from "../files/file-bytes.ts";
import { NIFTI_FIELDS, NIFTI_TYPES, type NiftiHeader, parseNiftiHeader } from "./nifti-header.ts";
import { checkNiftiExtensions } from "./nifti-extensions.ts";
import { checkShape } from "../plane-checks.ts";
import type { ScanSource, SourceSpec } from "../source.ts";
import { checkSpacing } from "../voxel-size/spacing-check.ts";
import { checkSize, streamVoxels } from "../stream-voxels.ts";
import { checkVoxelsEnd } from "../voxels-end.ts";

const MAX_HEADER = 544;
/** Longer than the header compressed, whatever names the file carries in front of it. */
const MAX_PACKED = 64 * 1024;

/** A NIfTI-1 or -2 file, compressed or not. On disk x runs fastest, then y, then z: planes come as they lie. */
export async function openNifti(spec: SourceSpec, path: string): Promise<ScanSource> {
  const { scan } = spec;
  const subject = `${scan} (${basename(path)})`;
  const file = await openFile(path, scan);
  const fileBytes = file.size;
  let start;
  try {
    start = await file.read(0, Math.min(MAX_PACKED, fileBytes), "the header");
  } finally {
    await file.close();
  }
  const gzip = start[0] === 0x1f && start[1] === 0x8b;
  const bytes = gzip ? await gunzipStart(start, MAX_HEADER, subject) : start;
  const header = parseNiftiHeader(bytes);
  if (header === undefined)
    throw new CorruptData(`${subject} has no NIfTI header of 348 or 540 bytes`);
  const dtype = checkHeader(header, subject);
  const rest = gzip ? await gunzipStart(start, MAX_PACKED, subject) : start;
  checkNiftiExtensions(rest, header, subject);
  const bad = header.spacing.find((s) => !(s > 0 && Number.isFinite(s)));
  checkSpacing(bad === undefined ? undefined : `a spacing of ${bad} (pixdim)`, spec, subject);
  const shape: Zyx = [header.dim[3]!, header.dim[2]!, header.dim[1]!];
  checkShape(shape, dtype, subject);
  const layout = {
    scan,
    files: [path],
    shape,
    dtype,
    endian: header.endian,
    skip: header.voxOffset,
    gzip,
  };
  checkSize(layout, fileBytes);
  const end = header.voxOffset + shape[0] * shape[1] * shape[2] * bytesPerVoxel(dtype);
  if (!gzip) checkVoxelsEnd({ shape, dtype }, end, fileBytes, subject);
  return {
    format: "nifti",
    shape,
    dtype,
    voxelSizeUm: voxelSize(header),
    files: [path],
    origin: describeOrigin(header, bytes),
    planes: (signal, place) => streamVoxels(layout, signal, place),
  };
}

function checkHeader(header: NiftiHeader, subject: string): Dtype {
  const { dim, datatype, magic, version, voxOffset } = header;
  if (magic === "ni1" || magic === "ni2") {
    throw new UnsupportedFormat(
      `${subject} is a pair of .hdr and .img, which is not read; convert it to .nii`,
    );
  }
  if (magic !== `n+${version}`) {
    throw new CorruptData(
      `${subject} has no NIfTI magic: expected n+${version}, got ${JSON.stringify(magic)}`,
    );
  }
  const axes = dim[0]!;
  if (axes < 1 || axes > 7)
    throw new CorruptData(`${subject} says it has ${axes} axes, expected 3`);
  if (axes < 3) throw new UnsupportedFormat(`${subject} has ${axes} axes, expected 3`);
  const extra = dim.slice(4, axes + 1).find((n) => n !== 1);
  if (extra !== undefined) {
    throw new UnsupportedFormat(`${subject} has ${extra} volumes along a fourth axis, expected 1`);
  }
  if (dim.slice(1, 4).some((n) => n < 1)) {
    throw new CorruptData(
      `${subject} says it has [${dim.slice(1, 4).reverse()}] voxels along z, y, x`,
    );
  }
  if (!Number.isInteger(voxOffset) || voxOffset < NIFTI_FIELDS[version].length + 4) {
    throw new CorruptData(
      `${subject} says that its voxels begin at byte ${voxOffset}, inside its header`,
    );
  }
  const { slope, intercept, bitpix } = header;
  if (slope !== 0 && Number.isFinite(slope) && !Number.isFinite(intercept)) {
    throw new CorruptData(`${subject} has the intercept ${intercept} for its slope ${slope}`);
  }
  for (const [name, code] of Object.entries(NIFTI_TYPES)) {
    if (code !== datatype) continue;
    const dtype = name as Dtype;
    if (bitpix === 8 * bytesPerVoxel(dtype)) return dtype;
    throw new CorruptData(
      `${subject} says ${bitpix} bits per voxel (bitpix), but its datatype ${code} is ${dtype}`,
    );
  }
  if (datatype === 64) {
    throw new UnsupportedFormat(
      `${subject} holds float64, which float32 would round; convert it yourself if that is fine`,
    );
  }
  throw new UnsupportedFormat(
    `${subject} has NIfTI datatype ${datatype}, expected ${Object.entries(NIFTI_TYPES)
      .map(([name, code]) => `${code} (${name})`)
      .join(", ")}`,
  );
}

/** An unknown unit is taken for millimetres, NIfTI's usual one; `origin.unitKnown` says so. */
function voxelSize({ spacing, unitUm = 1000 }: NiftiHeader): Zyx | undefined {
  const [z, y, x] = spacing.map((s) => Number((Math.abs(s) * unitUm).toPrecision(7)));
  return [z, y, x].every((s) => s !== undefined && s > 0 && Number.isFinite(s))
    ? [z!, y!, x!]
    : undefined;
}

function describeOrigin(header: NiftiHeader, bytes: Uint8Array): JsonObject {
  const { version, endian, datatype, slope, intercept, unitUm } = header;
  return {
    format: "nifti",
    version,
    endian,
    datatype,
    slope: Number.isFinite(slope) ? slope : null,
    intercept: Number.isFinite(intercept) ? intercept : null,
    unitKnown: unitUm !== undefined,
    // All of it: export changes what a crop changes and gives back the rest as it was.
    header: Buffer.from(bytes.subarray(0, NIFTI_FIELDS[version].length)).toString("base64"),
  };
}

/** The first `length` bytes of what is compressed, or all when there are fewer. */
async function gunzipStart(
  packed: Uint8Array,
  length: number,
  subject: string,
): Promise<Uint8Array> {
  const file = Readable.from([packed]);
  const gunzip = file.pipe(createGunzip());
  const parts: Uint8Array[] = [];
  let total = 0;
  try {
    for await (const part of gunzip as AsyncIterable<Uint8Array>) {
      parts.push(part);
      total += part.length;
      if (total >= length) break;
    }
  } catch (cause) {
    if (total < length) {
      throw new CorruptData(`${subject} is truncated or damaged: ${(cause as Error).message}`, {
        cause,
      });
    }
  } finally {
    gunzip.destroy();
    file.destroy();
  }
  return new Uint8Array(Buffer.concat(parts)).slice(0, length);
}
