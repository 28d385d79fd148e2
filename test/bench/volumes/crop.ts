import { randomFillSync } from "node:crypto";
import { rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createDirectoryStore } from "../../../activities/stores/directory-store.ts";
import type { VolumeRef } from "../../../schemas/volume.ts";
import { alternate } from "../alternate.ts";
import type { Measure } from "../measure.ts";
import { runOurs, runPeer } from "../run-work.ts";
import { speedRow } from "../speed-row.ts";
import { OURS, PEERS, SHAPE } from "./paths.ts";
import { writeSlices } from "./phantom.ts";

/** Along each axis: a quarter of the voxels, and no border of a chunk. */
const PART = 0.25 ** (1 / 3);
const START = 0.19;

/**
 * A box with a quarter of the voxels cut out, with its own pyramid and documents, against reading
 * the compressed bytes of the chunks it touches and writing the compressed bytes of the crop as
 * plain files. With everything on the disk (read from it, and synced to it in the time): this has
 * the goal, and is told against the uncompressed voxels, too; and with everything in the system's
 * memory, where moving bytes costs next to nothing.
 */
export const CROP: Measure = {
  name: "crop",
  async run({ folder, runs, shape = SHAPE, note }) {
    const slices = join(folder, "slices");
    const root = join(folder, "ours");
    const to = join(folder, "bytes");
    note(`writing ${shape.join("x")} voxels as slices`);
    await writeSlices(slices, shape);
    const source = { scan: "bench", source: slices };
    const { volume } = await runOurs<{ volume: VolumeRef }>(OURS, "convert", {
      store: { root },
      source,
      key: "bench",
    });
    await rm(slices, { recursive: true });
    const box = shape.map((n) => {
      const lo = Math.floor(n * START);
      return [lo, Math.min(n, lo + Math.round(n * PART))] as const;
    });
    const edges = box.map(([lo, hi]) => hi - lo);
    const bytes = edges.reduce((product, n) => product * n, 2);
    const zarr = join(root, "volumes", "bench.zarr");
    const cropped = join(root, "crops", "bench.zarr");

    const raw = join(root, "volumes", "crop.raw");
    await writeFile(raw, randomFillSync(Buffer.alloc(bytes)), { flush: true });

    const level = join(zarr, "0");
    const ours = (durable: boolean) =>
      runOurs(OURS, "crop", { root, volume, box, key: "bench", durable });
    await ours(false);
    const sizes: number[] = [];
    for await (const object of createDirectoryStore({ root }).list("crops/")) {
      sizes.push(object.bytes);
    }
    const compressed = (durable: boolean) =>
      runPeer(PEERS, "move-bytes", { level, box, sizes, to, durable });
    const clean = async () => {
      for (const path of [cropped, to]) await rm(path, { recursive: true, force: true });
    };
    const onDisk = await alternate(
      runs,
      {
        ours: () => ours(true),
        compressed: () => compressed(true),
        raw: () => runPeer(PEERS, "move-raw", { file: raw, to }),
      },
      (text) => note(`on the disk: ${text}`),
      async () => {
        await clean();
        await runPeer(PEERS, "evict", { root: join(root, "volumes") });
      },
    );
    const inMemory = await alternate(
      runs,
      { ours: () => ours(false), peer: () => compressed(false) },
      (text) => note(`in memory: ${text}`),
      clean,
    );

    const work = `crop of ${edges.join("×")} out of ${shape.join("×")} uint16`;
    const { ours: own } = onDisk;
    const row = (
      where: string,
      against: string,
      both: Parameters<typeof speedRow>[3],
      goal: number | null,
    ) => speedRow(`${work}, ${where}`, against, bytes, both, goal);
    return [
      row(
        "on the disk",
        "its compressed bytes read and written",
        { ours: own, peer: onDisk.compressed },
        0.7,
      ),
      row(
        "on the disk",
        "its voxels read and written, uncompressed",
        { ours: own, peer: onDisk.raw },
        null,
      ),
      row("in the system's memory", "its compressed bytes read and written", inMemory, null),
    ];
  },
};
