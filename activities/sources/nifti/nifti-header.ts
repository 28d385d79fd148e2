import type { Dtype, Zyx } from "../../../domain/volumes/shape.ts";
import type { Endian } from "../byte-order.ts";

/** NIfTI's numbers for the types of voxels that are read and written. */
export const NIFTI_TYPES = {
  uint8: 2,
  int16: 4,
  int32: 8,
  float32: 16,
  int8: 256,
  uint16: 512,
  uint32: 768,
} as const satisfies Record<Dtype, number>;

/** Micrometres per unit of `xyzt_units & 7`: metre, millimetre, micrometre. */
const UNITS: Partial<Record<number, number>> = { 1: 1e6, 2: 1e3, 3: 1 };

export interface NiftiHeader {
  readonly version: 1 | 2;
  readonly endian: Endian;
  /** The number of axes, then voxels along x, y, z, t, …. */
  readonly dim: readonly number[];
  readonly datatype: number;
  /** Bits per voxel. */
  readonly bitpix: number;
  readonly voxOffset: number;
  readonly slope: number;
  readonly intercept: number;
  /** Spacing along z, y, x in the header's unit. */
  readonly spacing: Zyx;
  /** Micrometres per unit; undefined when the header does not say. */
  readonly unitUm: number | undefined;
  /** `n+1`, `ni1`, `n+2`, `ni2`, or something else. */
  readonly magic: string;
}

/** Where the fields lie. Both versions begin with their own length. */
export const NIFTI_FIELDS = {
  1: {
    length: 348,
    magic: 344,
    dim: 40,
    datatype: 70,
    bitpix: 72,
    pixdim: 76,
    voxOffset: 108,
    slope: 112,
    intercept: 116,
    units: 123,
    qformCode: 252,
    sformCode: 254,
    quatern: 256,
    qoffset: 268,
    srow: 280,
  },
  2: {
    length: 540,
    magic: 4,
    dim: 16,
    datatype: 12,
    bitpix: 14,
    pixdim: 104,
    voxOffset: 168,
    slope: 176,
    intercept: 184,
    units: 500,
    qformCode: 344,
    sformCode: 348,
    quatern: 352,
    qoffset: 376,
    srow: 400,
  },
} as const;

/**
 * Read a NIfTI-1 or -2 header of either byte order; undefined when the bytes are none.
 * @see https://nifti.nimh.nih.gov/pub/dist/src/niftilib/nifti1.h
 */
export function parseNiftiHeader(bytes: Uint8Array): NiftiHeader | undefined {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (bytes.length < 348) return undefined;
  for (const [version, endian] of [
    [1, "little"],
    [1, "big"],
    [2, "little"],
    [2, "big"],
  ] as const) {
    const at = NIFTI_FIELDS[version];
    const little = endian === "little";
    if (view.getInt32(0, little) !== at.length || bytes.length < at.length) continue;
    const float = (offset: number, i = 0) =>
      version === 1
        ? view.getFloat32(offset + 4 * i, little)
        : view.getFloat64(offset + 8 * i, little);
    const dim = Array.from({ length: 8 }, (_, i) =>
      version === 1
        ? view.getInt16(at.dim + 2 * i, little)
        : Number(view.getBigInt64(at.dim + 8 * i, little)),
    );
    return {
      version,
      endian,
      dim,
      datatype: view.getInt16(at.datatype, little),
      bitpix: view.getInt16(at.bitpix, little),
      voxOffset:
        version === 1 ? float(at.voxOffset) : Number(view.getBigInt64(at.voxOffset, little)),
      slope: float(at.slope),
      intercept: float(at.intercept),
      spacing: [float(at.pixdim, 3), float(at.pixdim, 2), float(at.pixdim, 1)],
      unitUm:
        UNITS[(version === 1 ? view.getUint8(at.units) : view.getInt32(at.units, little)) & 7],
      magic: String.fromCharCode(...bytes.subarray(at.magic, at.magic + 3)),
    };
  }
  return undefined;
}
