import { join } from "node:path";
import { expect, it } from "vitest";
import { runPython } from "../support/run-python.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { readScript } from "./read-script.ts";
import { putOnDisk, writeVolumes } from "./write-volumes.ts";

/** What `blosc-frames.py` found in level 0 of a volume; it fails on a frame that is not right. */
interface Frames {
  readonly frames: number;
  /** Those that are not stored as they are, because they got smaller. */
  readonly compressed: number;
  readonly typesizes: readonly number[];
  readonly shuffled: readonly boolean[];
  /** Chunks of nothing but zeros that were stored all the same. */
  readonly zeros: number;
  /** Bytes that unshuffled zstd would have needed more. */
  readonly saved: number;
  readonly codec: Readonly<Record<string, unknown>>;
}

it("writes shards of Blosc frames whose bytes are really shuffled, by the voxel's true width", async () => {
  const folder = await temporaryFolder();
  const wanted = ["uint8", "int16", "uint32", "float32", "zero-chunks", "large"];
  const { store, volumes } = await writeVolumes(folder, { wanted });
  const args: string[] = [];
  for (const { source, prefix } of volumes) {
    await putOnDisk(store, prefix, folder);
    args.push(source, join(folder, prefix, "0"));
  }
  const output = await runPython(await readScript("blosc-frames.py"), ...args);
  const found = JSON.parse(output) as readonly Frames[];
  const widths = [1, 2, 4, 4, 2, 2];
  expect(found.map(({ typesizes }) => typesizes)).toEqual(widths.map((width) => [width]));
  expect(found.map(({ shuffled }) => shuffled)).toEqual(widths.map((width) => [width > 1]));
  for (const [i, { codec }] of found.entries()) {
    expect(codec).toMatchObject({
      cname: "zstd",
      clevel: 1,
      typesize: widths[i],
      shuffle: widths[i] === 1 ? "noshuffle" : "shuffle",
    });
  }
  // 131×129×130 voxels are 27 chunks; the first and the nine of the second row of z are empty.
  expect(found[4]).toMatchObject({ frames: 17, zeros: 0 });
  // 141×260×270 voxels are 75 chunks, every one of them smooth: shuffling pays.
  expect(found[5]).toMatchObject({ frames: 75, compressed: 75 });
  expect(found[5]!.saved).toBeGreaterThan(0.1 * 141 * 260 * 270 * 2);
});
