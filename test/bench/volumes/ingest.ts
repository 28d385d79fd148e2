import { rm } from "node:fs/promises";
import { join } from "node:path";
import { alternate } from "../alternate.ts";
import type { Measure } from "../measure.ts";
import { runOurs, runPeer } from "../run-work.ts";
import { speedRow } from "../speed-row.ts";
import { arrayDocuments } from "./array-documents.ts";
import { OURS, PEERS, rawBytes, SHAPE } from "./paths.ts";
import { writeSlices } from "./phantom.ts";

const METHODS = ["numpy", "tensorstore"] as const;

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
    const byOmeZarr = () => runPeer(PEERS, "ome-zarr-py", { ...input, to: other });

    const trials = await alternate(
      1,
      { numpy: () => byTensorstore("numpy"), tensorstore: () => byTensorstore("tensorstore") },
      (text) => note(`whose mean is faster: ${text}`),
      () => rm(peer!, { recursive: true, force: true }),
    );
    const method = METHODS.reduce((a, b) => (trials[a].seconds <= trials[b].seconds ? a : b));
    await byOmeZarr();
    // A half may be rounded up, down or to even, at every level.
    await runPeer(PEERS, "compare", { ours: volume, peer, slack: 2 });
    const slack = layouts.length;
    await runPeer(PEERS, "compare", { ours: volume, peer: other, slack, cut: true });

    const medians = await alternate(
      runs,
      { ours, tensorstore: () => byTensorstore(method), "ome-zarr-py": byOmeZarr },
      note,
      async () => {
        for (const path of [root, peer, other]) await rm(path!, { recursive: true, force: true });
      },
    );

    const bytes = rawBytes(shape);
    const work = `${shape.join("×")} uint16 TIFF slices to OME-Zarr with pyramid, local disk`;
    const { ours: own } = medians;
    return [
      speedRow(
        work,
        `tensorstore, ${method}'s mean`,
        bytes,
        { ours: own, peer: medians.tensorstore },
        1.5,
      ),
      speedRow(work, "ome-zarr-py", bytes, { ours: own, peer: medians["ome-zarr-py"] }, 5),
    ];
  },
};
