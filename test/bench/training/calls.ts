import type { Measure } from "../measure.ts";
import { runOurs } from "../run-work.ts";
import { OURS } from "./paths.ts";
import { describeSetting, settingsOf } from "./setting.ts";
import type { TrainingWork } from "./sides.ts";

const MOST = 400;

/** How many operations a step as it is written has TensorFlow execute. */
export const CALLS: Measure = {
  name: "calls",
  async run({ folder, shape }) {
    const setting = settingsOf(shape)[0]!;
    const input = { folder, setting };
    await runOurs(OURS, "prepare", input);
    const { losses: counts, peakBytes } = await runOurs<TrainingWork>(OURS, "calls", input);
    const calls = counts.at(-1)!;
    return [
      {
        work: `operations executed in a step as written of ${describeSetting(setting)}`,
        ours: calls,
        peer: MOST,
        unit: "operations",
        ratio: MOST / calls,
        goal: 1,
        against: "the limit",
        oursPeakMb: peakBytes / 1e6,
        peerPeakMb: null,
      },
    ];
  },
};
