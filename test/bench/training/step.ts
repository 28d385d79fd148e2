import { alternate, type Median } from "../alternate.ts";
import type { Measure, Row } from "../measure.ts";
import { describeSetting, settingsOf } from "./setting.ts";
import { openSides } from "./sides.ts";

/** A step of sorting: compiled against Keras, and as it is written beside. */
export const STEP: Measure = {
  name: "step",
  async run({ folder, runs, shape, note }) {
    const rows: Row[] = [];
    const settings = settingsOf(shape);
    const [smallest] = settings;
    for (const setting of settings) {
      const sides = await openSides(folder, setting, { ours: "gradient", peer: "gradient-graph" });
      const { compiled, eager, graph } = await alternate(
        runs,
        {
          compiled: () => sides.ours("compiled"),
          graph: () => sides.peer("step-graph"),
          eager: () => sides.ours("eager"),
        },
        (text) => note(`${describeSetting(setting)}, ${text}`),
      );
      rows.push(
        timeRow(`compiled step of ${describeSetting(setting)}`, compiled, graph, 1.18),
        timeRow(`step as written of ${describeSetting(setting)}`, eager, graph, null),
      );
      if (setting !== smallest) continue;
      // Compiling takes XLA the better part of a minute each time.
      const once = await alternate(
        1,
        { compiled: () => sides.ours("compiled"), xla: () => sides.peer("step-xla") },
        (text) => note(`${describeSetting(setting)}, ${text}`),
      );
      const work = `compiled step of ${describeSetting(setting)}`;
      rows.push(timeRow(work, once.compiled, once.xla, null, "XLA (one run each)"));
    }
    return rows;
  },
};

/** A row of two times of a step, in milliseconds. */
export function timeRow(
  work: string,
  ours: Median,
  peer: Median,
  goal: number | null,
  mode = "graph mode",
): Row {
  return {
    work,
    ours: 1000 * ours.seconds,
    peer: 1000 * peer.seconds,
    unit: "ms",
    ratio: peer.seconds / ours.seconds,
    goal,
    against: `Keras 3, ${mode}`,
    oursPeakMb: ours.peakBytes / 1e6,
    peerPeakMb: peer.peakBytes / 1e6,
  };
}
