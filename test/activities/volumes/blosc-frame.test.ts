import { expect, it } from "vitest";
import { decodeBlosc, encodeBlosc } from "../../../activities/volumes/blosc-frame.ts";
import { CorruptData } from "../../../domain/errors.ts";
import { createRandom } from "../../../domain/random.ts";
import { runPython } from "../../support/run-python.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";

const random = createRandom(5);
const smooth = (n: number) =>
  new Uint8Array(n).map((_, i) => (i % 4 === 0 ? i >> 9 : i % 4 === 1 ? 3 : 0));
const noise = (n: number) => new Uint8Array(n).map(() => random.int(256));

const bell = (n: number, mean: number, deviation: number) =>
  new Uint8Array(n).map(() => Math.round(mean + deviation * random.normal()) & 255);

const contents: readonly [string, Uint8Array, number][] = [
  ["nothing", new Uint8Array(0), 2],
  ["one byte", Uint8Array.of(7), 1],
  ["fewer bytes than an element", Uint8Array.of(1, 2, 3), 4],
  ["a rest after the last element", smooth(1003), 4],
  ["a chunk of bytes", smooth(64 ** 3), 1],
  ["a chunk of words, one block", smooth(2 * 64 ** 3), 2],
  ["a chunk of longs, two blocks", smooth(4 * 64 ** 3), 4],
  ["blocks and a rest", smooth(3 * 524288 + 77), 2],
  ["noise, stored as it is", noise(200_000), 2],
  ["fewer elements than are split", smooth(2 * 127), 2],
  ["just enough elements to be split", smooth(2 * 128), 2],
  [
    "words whose low bytes are noise and high bytes are not",
    noise(2 * 64 ** 3).map((v, i) => (i % 2 === 0 ? v : i >> 16)),
    2,
  ],
  ["bytes of which some are frequent", bell(64 ** 3, 47, 1.5), 1],
  ["bytes of high value", bell(300_001, 200, 12), 1],
  [
    "words of a noisy scan",
    bell(2 * 64 ** 3, 128, 20).map((v, i) => (i % 2 ? v : random.int(256))),
    2,
  ],
  ["longs, all bytes of which are noise of their own", bell(4 * 64 ** 3, 30, 4), 4],
  [
    "bytes that are frequent in one half only",
    bell(64 ** 3, 9, 1).map((v, i) => (i < 32 * 64 ** 2 ? v : random.int(256))),
    1,
  ],
  [
    "noise and zeros, some blocks stored",
    new Uint8Array(2_000_000).map((_, i) => (i < 600_000 ? random.int(256) : 0)),
    4,
  ],
];

it.each(contents)("packs and unpacks %s", async (_, bytes, typesize) => {
  const frame = encodeBlosc(bytes, typesize);
  expect(Buffer.compare(decodeBlosc(frame, bytes.length), bytes)).toBe(0);
  expect(frame.length).toBeLessThanOrEqual(bytes.length + 16);
  expect(Buffer.compare(encodeBlosc(bytes.slice(), typesize), frame)).toBe(0);
});

it("writes what c-blosc reads, and reads what c-blosc writes", async () => {
  const folder = await temporaryFolder();
  for (const [i, [, bytes, typesize]] of contents.entries()) {
    if (bytes.length === 0) continue;
    await writeFile(join(folder, `${i}.raw`), bytes);
    await writeFile(join(folder, `${i}.ours`), encodeBlosc(bytes, typesize));
  }
  const sizes = contents.map(([, , typesize]) => typesize);
  const said = await runPython(
    `import sys, os, json, numpy as np
from numcodecs import blosc
folder, sizes = sys.argv[1], json.loads(sys.argv[2])
for i, size in enumerate(sizes):
    if not os.path.exists(f"{folder}/{i}.raw"): continue
    raw = open(f"{folder}/{i}.raw", "rb").read()
    assert blosc.decompress(open(f"{folder}/{i}.ours", "rb").read()) == raw, i
    voxels = np.frombuffer(raw, f"V{size}") if len(raw) % size == 0 else np.frombuffer(raw, "u1")
    open(f"{folder}/{i}.theirs", "wb").write(blosc.Blosc("zstd", 1, blosc.SHUFFLE).encode(voxels.view("u1") if size == 1 else voxels))
print("same")`,
    folder,
    JSON.stringify(sizes),
  );
  expect(said.trim()).toBe("same");
  const { registry } = await import("zarrita");
  const { registerBlosc } = await import("../../../activities/volumes/blosc-codec.ts");
  registerBlosc();
  const codec = (await registry.get("blosc")!()) as unknown as {
    fromConfig(c: object, m: object): { decode(b: Uint8Array): Promise<Uint8Array> };
  };
  for (const [i, [, bytes]] of contents.entries()) {
    if (bytes.length === 0) continue;
    const theirs = new Uint8Array(await readFile(join(folder, `${i}.theirs`)));
    const decoded = await codec
      .fromConfig({}, { shape: [bytes.length], dataType: "uint8" })
      .decode(theirs);
    expect(Buffer.compare(decoded, bytes), contents[i]![0]).toBe(0);
  }
});

it("calls every damaged frame corrupt, and none of them crashes or passes for longer", async () => {
  const bytes = smooth(700_000);
  const frame = encodeBlosc(bytes, 2);
  const damaged = [
    frame.slice(0, 10),
    frame.slice(0, -1),
    new Uint8Array(40),
    new Uint8Array([...frame, 0]),
  ];
  for (const at of [4, 5, 7, 8, 11, 12, 16, 17, 19, 20, 23, 24, 25, 30]) {
    const changed = frame.slice();
    changed[at]! ^= 0xff;
    damaged.push(changed);
  }
  for (const [i, bad] of damaged.entries()) {
    expect(() => decodeBlosc(bad, bytes.length), String(i)).toThrow(CorruptData);
  }
  expect(() => decodeBlosc(frame, bytes.length + 2)).toThrow(CorruptData);
});
