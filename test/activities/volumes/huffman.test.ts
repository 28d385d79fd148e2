import { Decoder, Encoder } from "@toondepauw/node-zstd";
import { describe, expect, it } from "vitest";
import { codeLengths, MAX_CODE_BITS } from "../../../activities/volumes/huffman/code-lengths.ts";
import { huffmanFrame, huffmanMemory } from "../../../activities/volumes/huffman/huffman-frame.ts";
import { voxelKernels } from "../../../activities/volumes/kernels/voxel-kernels.ts";
import { packMemory, packStream } from "../../../activities/volumes/pack-stream.ts";
import { createRandom } from "../../../domain/random.ts";

const random = createRandom(23);

/** Bytes around `mean`, as the high bytes of a noisy scan are. */
const bell = (n: number, mean: number, deviation: number) =>
  new Uint8Array(n).map(() =>
    Math.max(0, Math.min(255, Math.round(mean + deviation * random.normal()))),
  );

function countsOf(bytes: Uint8Array): number[] {
  const counts = new Array<number>(256).fill(0);
  for (const byte of bytes) counts[byte]!++;
  return counts;
}

/** The bits of the best prefix code of any length: the sum of all inner nodes of Huffman's tree. */
function leastBits(counts: readonly number[]): number {
  const nodes = counts.filter((count) => count > 0);
  let bits = 0;
  while (nodes.length > 1) {
    nodes.sort((a, b) => b - a);
    const both = nodes.pop()! + nodes.pop()!;
    bits += both;
    nodes.push(both);
  }
  return bits;
}

const bitsOf = (counts: readonly number[], lengths: Uint8Array) =>
  counts.reduce((sum, count, i) => sum + count * lengths[i]!, 0);

const isComplete = (lengths: Uint8Array) =>
  lengths.reduce((sum, bits) => sum + (bits === 0 ? 0 : 2 ** -bits), 0) === 1;

describe("the lengths of a code", () => {
  it("are the best there are, and complete", () => {
    for (let i = 0; i < 50; i++) {
      const counts = countsOf(bell(2000, 40 + 3 * i, 1 + i / 4));
      const lengths = codeLengths(counts);
      expect(isComplete(lengths)).toBe(true);
      expect(lengths.every((bits, byte) => bits > 0 === counts[byte]! > 0)).toBe(true);
      if (Math.max(...lengths) < MAX_CODE_BITS) {
        expect(bitsOf(counts, lengths)).toBe(leastBits(counts));
      }
    }
  });

  it("have a limit, which costs little", () => {
    const fibonacci = [1, 1];
    while (fibonacci.length < 30) fibonacci.push(fibonacci.at(-1)! + fibonacci.at(-2)!);
    const lengths = codeLengths(fibonacci);
    expect(Math.max(...lengths)).toBe(MAX_CODE_BITS);
    expect(isComplete(lengths)).toBe(true);
    expect(bitsOf(fibonacci, lengths) / leastBits(fibonacci)).toBeLessThan(1.03);
  });

  it("are a bit each where there are two symbols", () => {
    expect([...codeLengths([0, 1000, 0, 1])]).toEqual([0, 1, 0, 1]);
  });
});

describe("a frame of codes", () => {
  const decoder = new Decoder();
  const pack = (bytes: Uint8Array, counts = countsOf(bytes)) => {
    const at = huffmanMemory(bytes.length);
    const kernels = voxelKernels(at + bytes.length);
    new Uint8Array(kernels.memory).set(bytes, at);
    return Buffer.from(huffmanFrame(kernels, at, bytes.length, codeLengths(counts))!);
  };

  it.each([
    ["a plain description", 262_144, 47, 1.2],
    ["bytes above 128", 262_144, 200, 2],
    ["all bytes", 262_144, 128, 50],
    ["an odd length", 200_003, 90, 9],
    ["a block and a little", 131_073, 90, 9],
    ["a short stream", 4096, 30, 3],
    ["hardly anything but one byte", 150_000, 9, 0.2],
  ])("is read by zstd: %s", (_, n, mean, deviation) => {
    const bytes = bell(n, mean, deviation);
    const frame = pack(bytes);
    expect(Buffer.compare(decoder.decodeSync(frame), bytes)).toBe(0);
    // What codes of any length need, the limit of theirs, and the headers.
    expect(frame.length).toBeLessThan((1.005 * leastBits(countsOf(bytes))) / 8 + 200);
  });

  it("is read by zstd, however the bytes are spread", () => {
    for (let i = 0; i < 300; i++) {
      const [many, power] = [2 + random.int(254), 6 * random.next()];
      const least = random.int(257 - many);
      const bytes = new Uint8Array(4096 + random.int(5000)).map(
        () => least + Math.floor(many * random.next() ** power),
      );
      const counts = countsOf(bytes).map((n, byte) =>
        byte >= least && byte < least + many ? n + 1 : n,
      );
      expect(Buffer.compare(decoder.decodeSync(pack(bytes, counts)), bytes)).toBe(0);
    }
  });

  it("leaves a block as it is where the code does not fit", () => {
    const flat = new Uint8Array(131_072).map(() => random.int(250));
    for (const halves of [
      [flat, bell(131_072, 3, 0.4)],
      [bell(131_072, 3, 0.4), flat],
    ]) {
      const bytes = Buffer.concat(halves);
      const counts = countsOf(bell(262_144, 3, 0.4)).map((n) => n + 1);
      const frame = pack(bytes, counts);
      expect(Buffer.compare(decoder.decodeSync(frame), bytes)).toBe(0);
      expect(frame.length).toBeLessThan(1.5 * 131_072);
    }
  });
});

describe("a stream", () => {
  const pack = (bytes: Uint8Array) => {
    const at = packMemory(bytes.length);
    const kernels = voxelKernels(at + bytes.length);
    new Uint8Array(kernels.memory).set(bytes, at);
    return packStream(kernels, at, bytes.length);
  };
  const zstd = (bytes: Uint8Array) => new Encoder(1).encodeSync(Buffer.from(bytes)).length;

  it("of noise gets shorter than zstd makes it", () => {
    const bytes = bell(262_144, 47, 1.2);
    expect(pack(bytes).length).toBeLessThan(zstd(bytes));
  });

  it("that repeats itself is left to zstd", () => {
    const once = bell(5000, 128, 30);
    const bytes = Uint8Array.from({ length: 262_144 }, (_, i) => once[i % 5000]!);
    expect(pack(bytes).length).toBe(zstd(bytes));
    const flat = new Uint8Array(262_144).fill(9);
    expect(pack(flat).length).toBe(zstd(flat));
  });

  it("that no code makes shorter stays what it is", () => {
    const bytes = new Uint8Array(262_144).map(() => random.int(256));
    expect(Buffer.compare(pack(bytes), bytes)).toBe(0);
  });

  it("whose noise is seldom is not taken for noise", () => {
    // Any few places may happen to be noise; all of them are counted before nothing is done.
    for (let period = 3; period < 40; period++) {
      const bytes = new Uint8Array(262_144).map((_, i) =>
        Math.floor(i / 2048) % period === 8 % period ? random.int(256) : 7,
      );
      expect(pack(bytes).length).toBeLessThan(1.25 * zstd(bytes));
    }
  });

  it("is never much longer than zstd makes it", () => {
    for (const share of [0.5, 0.9, 0.99]) {
      const bytes = bell(262_144, 60, 4).map((byte, i) => ((i >> 12) % 64 < 64 * share ? 0 : byte));
      expect(pack(bytes).length).toBeLessThan(1.25 * zstd(bytes));
    }
  });
});
