import type { Affine } from "../../domain/volumes/affine.ts";
import { NIFTI_FIELDS, parseNiftiHeader } from "../sources/nifti/nifti-header.ts";

/** Access to the affine of a NIfTI header's bytes, which is written in place. */
export interface NiftiAffine {
  /** `sform`: three rows of four, in the header's own unit; undefined when its code is 0. */
  readonly sform: Affine | undefined;
  /** `qform` as the same; undefined when its code is 0. */
  readonly qform: Affine | undefined;
}

/**
 * Both affines that a header can hold.
 * @see nifti1.h, "3D image (volume) orientation and location in space", methods 2 and 3
 */
export function readNiftiAffine(bytes: Uint8Array): NiftiAffine {
  const header = parseNiftiHeader(bytes);
  if (header === undefined) return { sform: undefined, qform: undefined };
  const { version, endian } = header;
  const little = endian === "little";
  const at = NIFTI_FIELDS[version];
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const float = (offset: number, i: number) =>
    version === 1
      ? view.getFloat32(offset + 4 * i, little)
      : view.getFloat64(offset + 8 * i, little);
  const code = (offset: number) =>
    version === 1 ? view.getInt16(offset, little) : view.getInt32(offset, little);
  const row = (r: number) => [0, 1, 2, 3].map((i) => float(at.srow, 4 * r + i));
  const sform = [row(0), row(1), row(2)] as unknown as Affine;
  const qform = fromQuaternion(
    [float(at.quatern, 0), float(at.quatern, 1), float(at.quatern, 2)],
    [float(at.pixdim, 1), float(at.pixdim, 2), float(at.pixdim, 3)],
    float(at.pixdim, 0) < 0 ? -1 : 1,
    [float(at.qoffset, 0), float(at.qoffset, 1), float(at.qoffset, 2)],
  );
  return {
    sform: code(at.sformCode) > 0 ? sform : undefined,
    qform: code(at.qformCode) > 0 ? qform : undefined,
  };
}

type Triple = readonly [number, number, number];

function fromQuaternion(
  [b, c, d]: Triple,
  [dx, dy, dz]: Triple,
  qfac: number,
  offset: Triple,
): Affine {
  const a = Math.sqrt(Math.max(0, 1 - (b * b + c * c + d * d)));
  const rotation = [
    [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
    [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
    [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - b * b - c * c],
  ] as const;
  const row = (r: 0 | 1 | 2) =>
    [rotation[r][0] * dx, rotation[r][1] * dy, rotation[r][2] * dz * qfac, offset[r]] as const;
  return [row(0), row(1), row(2)];
}
