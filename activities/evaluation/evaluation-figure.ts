import type { SplitResults } from "./evaluate-splits.ts";
import { curveFigure } from "./curve-figure.ts";
import type { RotationSplitResult } from "./rotation-result.ts";
import type { SortingSplitResult } from "./sorting-result.ts";

/** The curves of an evaluation as an SVG file: one colour per split, training dashed. */
export function evaluationFigure(splits: readonly SplitResults[keyof SplitResults][]): string {
  const sorting = splits.filter((split) => split.pretext === "sorting");
  const rotation = splits.filter((split) => split.pretext === "rotation");
  return sorting.length > 0 ? sortingFigure(sorting) : rotationFigure(rotation);
}

const TIME = "seconds of training";

function sortingFigure(splits: readonly SortingSplitResult[]): string {
  const at = splits.map(({ curve }) => curve.map(({ seconds }) => seconds));
  const { validated } = splits[0]!;
  const trivial = splits.flatMap(({ validated: { trivial } }) =>
    trivial === undefined ? [] : [Math.min(...Object.values(trivial))],
  );
  return curveFigure([
    {
      title: "Margin ranking loss, training batches",
      ...{ xName: TIME, yName: "loss" },
      lines: splits.map(({ curve }, i) => ({ x: at[i]!, y: curve.map(({ loss }) => loss) })),
    },
    {
      title: "Displacement, scans not trained on",
      ...{ xName: TIME, yName: "positions" },
      levels: [
        { y: validated.random, name: "random" },
        ...(trivial.length === 0 ? [] : [{ y: mean(trivial), name: "best trivial ordering" }]),
      ],
      lines: splits.map(({ curve }, i) => ({
        x: at[i]!,
        y: curve.map(({ measured }) => measured.displacement),
      })),
    },
  ]);
}

function rotationFigure(splits: readonly RotationSplitResult[]): string {
  const at = splits.map(({ curve }) => curve.map(({ seconds }) => seconds));
  const chance = splits[0]?.chance;
  return curveFigure([
    {
      title: "Loss, training batches",
      ...{ xName: TIME, yName: "loss" },
      ...(chance && { levels: [{ y: chance.loss, name: "chance (ln 7)" }] }),
      lines: splits.map(({ curve }, i) => ({ x: at[i]!, y: curve.map(({ loss }) => loss) })),
    },
    {
      title: "Accuracy, scans not trained on (dashed: training)",
      ...{ xName: TIME, yName: "share of angles told" },
      ...(chance && { levels: [{ y: chance.accuracy, name: "chance (1/7)" }] }),
      lines: [
        ...splits.map(({ curve }, i) => ({
          x: at[i]!,
          y: curve.map(({ measured }) => measured.accuracy),
        })),
        ...splits.map(({ curve }, i) => ({
          x: at[i]!,
          y: curve.map(({ metric }) => metric),
          dashed: true,
          colour: i,
        })),
      ],
    },
  ]);
}

function mean(values: readonly number[]): number {
  return values.reduce((sum, v) => sum + v, 0) / values.length;
}
