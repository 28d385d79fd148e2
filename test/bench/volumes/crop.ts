import { rm } from "node:fs/promises";
import { join } from "node:path";
import { createDirectoryStore } from "../../../activities/stores/directory-store.ts";
import type { VolumeRef } from "../../../schemas/volume.ts";
import { alternate } from "../alternate.ts";
import type { Measure, Row } from "../measure.ts";
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
 * plain files. Once with everything on the disk (read from it, and synced to it in the time), and
 * once with everything in the system's memory.
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

    const rows: Row[] = [];
    for (const durable of [true, false]) {
      const where = durable ? "on the disk" : "in the system's memory";
      const ours = () => runOurs(OURS, "crop", { root, volume, box, key: "bench", durable });
      await ours();
      const sizes: number[] = [];
      for await (const object of createDirectoryStore({ root }).list("crops/")) {
        sizes.push(object.bytes);
      }
      const level = join(zarr, "0");
      const medians = await alternate(
        runs,
        { ours, peer: () => runPeer(PEERS, "move-bytes", { level, box, sizes, to, durable }) },
        (text) => note(`${where}: ${text}`),
        async () => {
          for (const path of [cropped, to]) await rm(path, { recursive: true, force: true });
          if (durable) await runPeer(PEERS, "evict", { root: zarr });
        },
      );
      const work = `crop of ${edges.join("×")} out of ${shape.join("×")} uint16, ${where}`;
      rows.push(speedRow(work, "its compressed bytes read and written", bytes, medians, 0.7));
    }
    return rows;
  },
};
