import type { PretrainConfig } from "../../../domain/pretexts/pretrain-config.ts";
import { alternate } from "../alternate.ts";
import type { Measure, Row } from "../measure.ts";
import { runOurs, type Work } from "../run-work.ts";

const WORK = new URL("waiting-work.ts", import.meta.url);

/** Percent of a step. */
const MOST = 3;

const COMMON = {
  ...{ rate: 1e-3, seed: 0, warmup: 10, steps: 60, twinRange: 0.05, windowSize: 20 },
  ...{ imageSize: 128, slicesPerBatch: 12, batchSize: 96 },
} as const;

const WORKS: Readonly<Record<string, PretrainConfig>> = {
  "sorting 12 slices of 128², light augmentation, ResNet-18 of width 64": {
    ...COMMON,
    ...{ view: "slices", pretext: "sorting", encoder: "resnet18", width: 64 },
  },
  "sorting 12 slices of 128², medium augmentation, ResNet-18 of width 16": {
    ...COMMON,
    ...{ view: "slices", pretext: "sorting", encoder: "resnet18", width: 16 },
    augmentation: "medium",
  },
  "rotation of 96 pairs of windows, window-net of width 24": {
    ...COMMON,
    ...{ view: "windows", pretext: "rotation", encoder: "window-net", width: 24 },
  },
};

/** Which share of the time a step waits for its batch. */
export const WAITING: Measure = {
  name: "waiting",
  async run({ runs, note }) {
    const rows: Row[] = [];
    for (const [work, config] of Object.entries(WORKS)) {
      const shares: number[] = [];
      await alternate(
        runs,
        {
          ours: async () => {
            const done = await runOurs<Work & { readonly waiting: number }>(WORK, "run", config);
            shares.push(100 * done.waiting);
            return done;
          },
        },
        (text) => note(`${work}, ${text}`),
      );
      const share = shares.sort((a, b) => a - b)[Math.floor(shares.length / 2)]!;
      rows.push({
        work: `share of a step that waits for data: ${work}`,
        ...{ ours: share, peer: MOST, unit: "%", ratio: MOST / Math.max(share, 0.01), goal: 1 },
        ...{ against: "the limit", oursPeakMb: null, peerPeakMb: null },
      });
    }
    return rows;
  },
};
