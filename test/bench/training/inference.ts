import { alternate } from "../alternate.ts";
import type { Measure, Row } from "../measure.ts";
import { describeSetting, settingsOf } from "./setting.ts";
import { openSides } from "./sides.ts";
import { timeRow } from "./step.ts";

/** Scores of a batch by the running statistics. */
export const INFERENCE: Measure = {
  name: "inference",
  async run({ folder, runs, shape, note }) {
    const rows: Row[] = [];
    for (const { steps, ...rest } of settingsOf(shape)) {
      const setting = { ...rest, steps: 3 * steps };
      const sides = await openSides(folder, setting, { ours: "inference", peer: "infer-graph" });
      const { ours, graph } = await alternate(
        runs,
        { ours: () => sides.ours("inference"), graph: () => sides.peer("infer-graph") },
        (text) => note(`${describeSetting(setting)}, ${text}`),
      );
      rows.push(timeRow(`scores of ${describeSetting(setting)}`, ours, graph, 1));
    }
    return rows;
  },
};
