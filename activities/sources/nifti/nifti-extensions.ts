import { CorruptData } from "../../../domain/errors.ts";
import { NIFTI_FIELDS, type NiftiHeader } from "./nifti-header.ts";

/**
 * `CorruptData` when the extensions between header and voxels do not fit there: then what the
 * header says of where the voxels begin is wrong. Zeros behind the last one are padding.
 *
 * @param bytes the beginning of the file; extensions behind it are not looked at
 * @see https://nifti.nimh.nih.gov/nifti-1/documentation/nifti1fields/nifti1fields_pages/extension.html
 */
export function checkNiftiExtensions(
  bytes: Uint8Array,
  { version, endian, voxOffset }: NiftiHeader,
  subject: string,
): void {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const flag = NIFTI_FIELDS[version].length;
  if (bytes.length <= flag || bytes[flag] === 0) return;
  for (let at = flag + 4; at + 8 <= Math.min(bytes.length, voxOffset);) {
    const length = view.getInt32(at, endian === "little");
    if (length === 0) return;
    if (length < 8 || at + length > voxOffset) {
      throw new CorruptData(
        `${subject} has an extension of ${length} bytes at byte ${at}, but its voxels begin at byte ${voxOffset}`,
      );
    }
    at += length;
  }
}
