import { rm, statfs } from "node:fs/promises";
import { join } from "node:path";
import { alternate } from "../alternate.ts";
import type { Measure, Row } from "../measure.ts";
import { runOurs } from "../run-work.ts";
import { OURS, rawBytes } from "./paths.ts";
import { writeRaw } from "./phantom.ts";

type Shape = readonly [number, number, number];

/** From 0.25 to 16 GiB, with planes that grow, too. */
const SHAPES: readonly Shape[] = [
  [512, 512, 512],
  [512, 512, 1024],
  [512, 1024, 1024],
  [1024, 1024, 1024],
  [1024, 1024, 2048],
  [1024, 2048, 2048],
  [2048, 2048, 2048],
];

/** A 50 GB scan must pass in this much over all processes, and so must a 16 GB one. */
const MOST_MEMORY = 1.5e9;

/**
 * Time and memory of ingest and pyramid over the size of the scan, each once: linear time is a ratio
 * of 1 to the smallest size, and memory has its limit at the largest.
 */
export const SIZES: Measure = {
  name: "sizes",
  large: true,
  async run({ folder, shape, note }) {
    const rows: Row[] = [];
    let first: number | undefined;
    for (const size of shape ? [shape] : SHAPES) {
      const bytes = rawBytes(size);
      await requireSpace(folder, 2.2 * bytes);
      const file = join(folder, "scan.raw");
      const root = join(folder, "ours");
      note(`writing ${(bytes / 2 ** 30).toFixed(2)} GiB`);
      await writeRaw(file, size);
      const source = { scan: "bench", source: file, raw: { shape: size, dtype: "uint16" } };
      const { ours } = await alternate(
        1,
        { ours: () => runOurs(OURS, "convert", { store: { root }, source, key: "bench" }) },
        note,
      );
      await rm(root, { recursive: true });
      await rm(file);
      const speed = bytes / ours.seconds / 1e6;
      const gibibytes = `${bytes / 2 ** 30} GiB`;
      const oursPeakMb = ours.peakBytes / 1e6;
      first ??= speed;
      rows.push({
        work: `ingest with pyramid of ${gibibytes}, ${size.join("×")} uint16, ${ours.seconds.toFixed(1)} s`,
        ...{ ours: speed, peer: first, unit: "MB/s", ratio: speed / first, goal: null },
        ...{ against: "the first size", oursPeakMb, peerPeakMb: null },
      });
      if (shape === undefined && size !== SHAPES.at(-1)) continue;
      rows.push({
        work: `peak memory of ingest with pyramid of ${gibibytes}, over all processes`,
        ...{ ours: ours.peakBytes / 1e9, peer: MOST_MEMORY / 1e9, unit: "GB" },
        ...{ ratio: MOST_MEMORY / ours.peakBytes, goal: 1 },
        ...{ against: "the limit", oursPeakMb, peerPeakMb: null },
      });
    }
    return rows;
  },
};

async function requireSpace(folder: string, bytes: number): Promise<void> {
  const { bavail, bsize } = await statfs(folder);
  if (bavail * bsize > bytes) return;
  throw new Error(
    `${folder} has ${((bavail * bsize) / 1e9).toFixed(0)} GB free, expected ${(bytes / 1e9).toFixed(0)}: give --dir`,
  );
}
