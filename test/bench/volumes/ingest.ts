import { rm } from "node:fs/promises";
import { join } from "node:path";
import { alternate } from "../alternate.ts";
import type { Measure } from "../measure.ts";
import { runOurs, runPeer } from "../run-work.ts";
import { speedRow } from "../speed-row.ts";
import { arrayDocuments } from "./array-documents.ts";
import { OURS, PEERS, rawBytes, SHAPE } from "./paths.ts";
import { writeSlices } from "./phantom.ts";

/**
 * TIFF slices into sharded OME-Zarr with all levels on the local disk, against tensorstore doing the
 * same with the same codec, chunks and shards, and against ome-zarr-py.
 */
export const INGEST: Measure = {
  name: "ingest",
  async run({ folder, runs, shape = SHAPE, note }) {
    const slices = join(folder, "slices");
    const [root, peer, other] = ["ours", "tensorstore", "ome-zarr"].map((name) =>
      join(folder, name),
    );
    const volume = join(root!, "volumes", "bench.zarr");
    note(`writing ${shape.join("x")} voxels as slices`);
    await writeSlices(slices, shape);

    const source = { scan: "bench", source: slices };
    const ours = () => runOurs(OURS, "convert", { store: { root }, source, key: "bench" });
    await ours();
    const layouts = await arrayDocuments(volume);
    const input = { layouts, source: slices };
    const byTensorstore = (method: string) =>
      runPeer(PEERS, "tensorstore", { ...input, to: peer, method });
    const byOmeZarr = (method: string) =>
      runPeer(PEERS, "ome-zarr-py", { ...input, to: other, method });

    note("comparing voxels");
    await byTensorstore("tensorstore");
    await byOmeZarr("local_mean");
    // A half may be rounded up, down or to even, at every level.
    await runPeer(PEERS, "compare", { ours: volume, peer, slack: 2 });
    const slack = layouts.length;
    await runPeer(PEERS, "compare", { ours: volume, peer: other, slack, cut: true });

    const works = {
      ours,
      numpy: () => byTensorstore("numpy"),
      tensorstore: () => byTensorstore("tensorstore"),
      defaults: () => byOmeZarr("defaults"),
      local: () => byOmeZarr("local_mean"),
    };
    const medians = await alternate(runs, works, note, async () => {
      for (const path of [root, peer, other]) await rm(path!, { recursive: true, force: true });
    });

    const work = `${shape.join("×")} uint16 TIFF slices to OME-Zarr with pyramid, local disk`;
    const row = (against: string, name: keyof typeof works, goal: number) =>
      speedRow(work, against, rawBytes(shape), { ours: medians.ours, peer: medians[name] }, goal);
    return [
      row("tensorstore, means by numpy", "numpy", 1.5),
      row("tensorstore, means by its own downsample", "tensorstore", 1.5),
      row("ome-zarr-py, its defaults", "defaults", 5),
      row("ome-zarr-py, our chunks, shards and codec, local mean", "local", 5),
    ];
  },
};
