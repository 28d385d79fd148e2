import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { alternate } from "../alternate.ts";
import type { Measure, Row } from "../measure.ts";
import { runOurs, runPeer } from "../run-work.ts";
import { speedRow } from "../speed-row.ts";
import { OURS, PEERS, rawBytes } from "./paths.ts";
import { createPhantom } from "./phantom.ts";

type Shape = readonly [number, number, number];

/** The mean of 2×2×2 voxels on one thread, against numpy's `reshape(…).mean((1, 3, 5))`. */
export const MEAN: Measure = {
  name: "mean",
  async run({ folder, runs, shape, note }) {
    const shapes: readonly Shape[] = shape ? [shape] : [[256, 256, 256], [512, 512, 512]]; // prettier-ignore
    const rows: Row[] = [];
    for (const size of shapes) {
      const file = join(folder, "voxels");
      const slice = createPhantom(size);
      const planes = Array.from({ length: size[0] }, (_, z) =>
        Buffer.from(slice(z).slice().buffer),
      );
      await writeFile(file, Buffer.concat(planes));
      const sums = { ours: 0, peer: 0 };
      const medians = await alternate(
        runs,
        {
          ours: async () => remember("ours", await runOurs(OURS, "mean", { file, shape: size })),
          peer: async () => remember("peer", await runPeer(PEERS, "mean", { file, shape: size })),
        },
        (text) => note(`${size.join("x")}: ${text}`),
      );
      // numpy cuts off, we round half up: by at most one, and half of one on average.
      const voxels = rawBytes(size) / 16;
      const difference = (sums.ours - sums.peer) / voxels;
      if (!(difference > 0 && difference < 1)) throw new Error(`The means differ by ${difference}`);
      const work = `2×2×2 mean of ${size.join("×")} uint16`;
      rows.push(speedRow(work, "numpy, reshape and mean", rawBytes(size), medians, 3));

      function remember<R extends { readonly checksum?: number }>(
        side: keyof typeof sums,
        run: R,
      ): R {
        sums[side] = run.checksum!;
        return run;
      }
    }
    return rows;
  },
};

/** Regions that touch by face, edge or corner, against `scipy.ndimage.label` with that structure. */
export const COMPONENTS: Measure = {
  name: "components",
  async run({ folder, runs, shape = [256, 256, 256], note }) {
    const { masks } = await runPeer<{ masks: string[] }>(PEERS, "make-masks", { folder, shape });
    const rows: Row[] = [];
    for (const mask of masks) {
      const input = { file: join(folder, mask), shape };
      const counts = new Set<number>();
      const medians = await alternate(
        runs,
        {
          ours: async () => remember(await runOurs(OURS, "components", input)),
          peer: async () => remember(await runPeer(PEERS, "components", input)),
        },
        (text) => note(`${mask}: ${text}`),
      );
      if (counts.size !== 1) throw new Error(`${mask} has ${[...counts].join(" or ")} regions`);
      const work = `connected components of ${shape.join("×")}, ${mask} (${[...counts][0]} regions)`;
      rows.push(speedRow(work, "scipy.ndimage.label", rawBytes(shape) / 2, medians, 1));

      function remember<R extends { readonly count?: number }>(run: R): R {
        counts.add(run.count!);
        return run;
      }
    }
    return rows;
  },
};
