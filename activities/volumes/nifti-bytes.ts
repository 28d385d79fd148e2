import { type Affine, placeAffine } from "../../domain/volumes/affine.ts";
import { bytesPerVoxel } from "../../domain/volumes/dtype.ts";
import { NIFTI_FIELDS, NIFTI_TYPES, parseNiftiHeader } from "../sources/nifti/nifti-header.ts";
import type { Endian } from "../sources/byte-order.ts";
import type { ExportedVolume } from "./exported-volume.ts";
import { readNiftiAffine } from "./nifti-affine.ts";
import { sourceAffine } from "./source-affine.ts";

/** A NIfTI file's header with the four bytes after it, and the byte order of what follows. */
export interface NiftiBytes {
  readonly header: Uint8Array;
  readonly endian: Endian;
}

/**
 * The header for an exported volume: the source's own where there is one, with shape and affine
 * adjusted to the part that is exported, and everything else as it was.
 */
export function niftiBytes(volume: Omit<ExportedVolume, "planes">): NiftiBytes {
  const { origin } = volume;
  const own =
    origin?.["format"] === "nifti" && typeof origin["header"] === "string"
      ? new Uint8Array(Buffer.from(origin["header"], "base64"))
      : undefined;
  const parsed = own && parseNiftiHeader(own);
  if (own === undefined || parsed === undefined) return newHeader(volume);
  const out = createFields(parsed.version, parsed.endian);
  out.bytes.set(own.subarray(0, NIFTI_FIELDS[parsed.version].length));
  writeLayout(out, volume);
  if (parsed.datatype !== NIFTI_TYPES[volume.dtype]) {
    // Labels of the scan, not its grey values: its scaling says nothing about them.
    out.float(out.at.slope, 0, 1);
    out.float(out.at.intercept, 0, 0);
  }
  const { scale } = volume.placement;
  parsed.spacing.forEach((spacing, axis) => out.float(out.at.pixdim, 3 - axis, spacing * scale));
  const { sform, qform } = readNiftiAffine(own);
  if (sform !== undefined) writeSform(out, placeAffine(sform, volume.placement));
  if (qform !== undefined) {
    placeAffine(qform, volume.placement).forEach((row, r) => out.float(out.at.qoffset, r, row[3]));
  }
  return { header: out.bytes, endian: parsed.endian };
}

function newHeader(volume: Omit<ExportedVolume, "planes">): NiftiBytes {
  // Version 1 counts voxels in 16 bits.
  const out = createFields(Math.max(...volume.shape) > 32767 ? 2 : 1, "little");
  writeLayout(out, volume);
  const [z, y, x] = volume.voxelSizeUm;
  [1, x / 1000, y / 1000, z / 1000, 1, 1, 1, 1].forEach((size, i) =>
    out.float(out.at.pixdim, i, size),
  );
  out.float(out.at.slope, 0, 1);
  out.units(2); // millimetres
  out.code(out.at.sformCode, 1);
  const scale = volume.placement.scale;
  const whole = sourceAffine(volume.origin, [z / scale, y / scale, x / scale]);
  writeSform(out, placeAffine(whole, volume.placement));
  return { header: out.bytes, endian: "little" };
}

function writeLayout(out: Fields, { shape, dtype }: Omit<ExportedVolume, "planes">): void {
  const [z, y, x] = shape;
  [3, x, y, z, 1, 1, 1, 1].forEach((n, i) => out.dim(i, n));
  out.short(out.at.datatype, NIFTI_TYPES[dtype]);
  out.short(out.at.bitpix, 8 * bytesPerVoxel(dtype));
  out.voxOffset(out.bytes.length);
}

function writeSform(out: Fields, affine: Affine): void {
  affine.flat().forEach((value, i) => out.float(out.at.srow, i, value));
}

type Fields = ReturnType<typeof createFields>;

/** A blank header of a version, and its fields by kind. */
function createFields(version: 1 | 2, endian: Endian) {
  const at = NIFTI_FIELDS[version];
  const little = endian === "little";
  const bytes = new Uint8Array(at.length + 4);
  const view = new DataView(bytes.buffer);
  view.setInt32(0, at.length, little);
  const magic = version === 1 ? "n+1\0" : "n+2\0\r\n\x1a\n";
  bytes.set(Buffer.from(magic, "latin1"), at.magic);
  return {
    at,
    bytes,
    float(offset: number, i: number, value: number) {
      if (version === 1) view.setFloat32(offset + 4 * i, value, little);
      else view.setFloat64(offset + 8 * i, value, little);
    },
    dim(i: number, n: number) {
      if (version === 1) view.setInt16(at.dim + 2 * i, n, little);
      else view.setBigInt64(at.dim + 8 * i, BigInt(n), little);
    },
    short: (offset: number, value: number) => view.setInt16(offset, value, little),
    code(offset: number, value: number) {
      if (version === 1) view.setInt16(offset, value, little);
      else view.setInt32(offset, value, little);
    },
    voxOffset(offset: number) {
      if (version === 1) view.setFloat32(at.voxOffset, offset, little);
      else view.setBigInt64(at.voxOffset, BigInt(offset), little);
    },
    units(value: number) {
      if (version === 1) view.setUint8(at.units, value);
      else view.setInt32(at.units, value, little);
    },
  };
}
