import { CorruptData } from "../errors.ts";
import type { WeightEntry, Weights } from "../networks/weights.ts";
import { crc32 } from "./crc32.ts";

/** Named groups of numbers with a JSON header: what encoders and checkpoints are stored as. */
export interface TensorFile<H> {
  readonly header: H;
  readonly groups: Readonly<Record<string, Weights>>;
}

/** Magic, length of the header, checksum of everything after these twelve bytes. */
const PREAMBLE = 12;
const MAGIC = 0x3157544d; // "MTW1"

/**
 * Bytes: the preamble as three little-endian 32-bit words, the header as JSON, and the groups'
 * numbers as little-endian float32, one after the other.
 */
export function packTensors<H>({ header, groups }: TensorFile<H>): Uint8Array {
  const manifests = Object.entries(groups).map(([name, { manifest }]) => ({ name, manifest }));
  const json = new TextEncoder().encode(JSON.stringify({ header, groups: manifests }));
  const all = Object.values(groups);
  const numbers = all.reduce((sum, { values }) => sum + values.length, 0);
  const bytes = new Uint8Array(PREAMBLE + json.length + 4 * numbers);
  bytes.set(json, PREAMBLE);
  let at = PREAMBLE + json.length;
  for (const { values } of all) {
    bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.byteLength), at);
    at += values.byteLength;
  }
  const view = new DataView(bytes.buffer);
  view.setUint32(0, MAGIC, true);
  view.setUint32(4, json.length, true);
  view.setUint32(8, crc32(bytes.subarray(PREAMBLE)), true);
  return bytes;
}

/** Read it back. Throws `CorruptData` for bytes that `packTensors` did not write, or not all of them. */
export function unpackTensors<H>(bytes: Uint8Array): TensorFile<H> {
  if (bytes.length < PREAMBLE) {
    throw new CorruptData(`Expected a file of weights, got ${bytes.length} bytes`);
  }
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  if (view.getUint32(0, true) !== MAGIC) {
    throw new CorruptData("Expected a file of weights, which starts with MTW1");
  }
  const stored = view.getUint32(8, true);
  const found = crc32(bytes.subarray(PREAMBLE));
  if (stored !== found) {
    const hex = (n: number) => n.toString(16).padStart(8, "0");
    throw new CorruptData(
      `The weights' checksum should be ${hex(stored)}, is ${hex(found)} over ${bytes.length} bytes`,
    );
  }
  const start = PREAMBLE + view.getUint32(4, true);
  const { header, groups } = JSON.parse(
    new TextDecoder().decode(bytes.subarray(PREAMBLE, start)),
  ) as {
    readonly header: H;
    readonly groups: readonly {
      readonly name: string;
      readonly manifest: readonly WeightEntry[];
    }[];
  };
  // A copy by constructor: `slice` of a Node Buffer would be a view into somebody else's memory.
  const blob = new Uint8Array(bytes.subarray(start));
  if (blob.length % 4 !== 0) {
    throw new CorruptData(`Expected whole float32 weights, got ${blob.length} bytes of them`);
  }
  const numbers = new Float32Array(blob.buffer);
  let at = 0;
  const read = (manifest: readonly WeightEntry[]): Weights => {
    const size = manifest.reduce((sum, { shape }) => sum + shape.reduce((p, n) => p * n, 1), 0);
    return { manifest, values: numbers.slice(at, (at += size)) };
  };
  return { header, groups: Object.fromEntries(groups.map((g) => [g.name, read(g.manifest)])) };
}
