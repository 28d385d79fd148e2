import crc32c from "crc-32/crc32c.js";

/** Length (8 bytes) and its checksum before the data, the data's checksum after it. */
const HEADER = 12;
const FOOTER = 4;

/**
 * Records one after the other as TensorFlow frames them, all little-endian: length as uint64, its
 * masked CRC-32C, the bytes, their masked CRC-32C.
 *
 * @see tensorflow/core/lib/io/record_writer.h
 */
export function encodeTfRecords(records: readonly Uint8Array[]): Uint8Array {
  const size = records.reduce((sum, { length }) => sum + HEADER + length + FOOTER, 0);
  const bytes = new Uint8Array(size);
  const view = new DataView(bytes.buffer);
  let at = 0;
  for (const record of records) {
    view.setBigUint64(at, BigInt(record.length), true);
    view.setUint32(at + 8, maskedCrc(bytes.subarray(at, at + 8)), true);
    bytes.set(record, at + HEADER);
    view.setUint32(at + HEADER + record.length, maskedCrc(record), true);
    at += HEADER + record.length + FOOTER;
  }
  return bytes;
}

/**
 * CRC-32C, turned by 15 bits and shifted by a constant, so that the checksum of bytes that hold
 * checksums is no accident. @see tensorflow/core/lib/hash/crc32c.h
 */
export function maskedCrc(bytes: Uint8Array): number {
  const crc = crc32c.buf(bytes) >>> 0;
  return (((crc >>> 15) | (crc << 17)) + 0xa282ead8) >>> 0;
}
