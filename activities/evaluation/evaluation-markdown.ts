import { formatSeconds } from "../report/format.ts";
import type { SplitResults } from "./evaluate-splits.ts";
import type { RotationSplitResult } from "./rotation-result.ts";
import type { SortingSplitResult } from "./sorting-result.ts";

/** The results of an evaluation as a Markdown table with a row per split, for a page about it. */
export function evaluationMarkdown(splits: readonly SplitResults[keyof SplitResults][]): string {
  const sorting = splits.filter((split) => split.pretext === "sorting");
  const rotation = splits.filter((split) => split.pretext === "rotation");
  return sorting.length > 0 ? sortingTable(sorting) : rotationTable(rotation);
}

function sortingTable(splits: readonly SortingSplitResult[]): string {
  const rows = splits.map((split) => {
    const { validated, trained, specimenOnly, backgroundOnly, directions, scans } = split;
    const { all, directionFree, inside, outside, masked, floor, trivial } = validated;
    const held = scans.filter((scan) => scan.held).map((s) => `${s.id} ${s.all.toFixed(2)}`);
    return [
      held.join(", "),
      courseOf(split),
      ...[all, directionFree, trained.all, inside, outside].map(number),
      ...[specimenOnly, backgroundOnly, masked, floor].map(number),
      trivial === undefined ? "–" : number(Math.min(...Object.values(trivial))),
      `${directions.right} of ${scans.length}`,
    ];
  });
  return table(
    [
      ...["held out", "steps / time", "displacement", "direction-free", "trained", "inside"],
      ...["outside", "specimen only", "background only", "masked", "floor", "best trivial"],
      "directions",
    ],
    rows,
  );
}

function rotationTable(splits: readonly RotationSplitResult[]): string {
  const rows = splits.map((split) => {
    const { view, validation, validated, trained, leftChance, plateau } = split;
    return [
      view,
      validation.join(", "),
      courseOf(split),
      plateau ? "never: plateau" : leftChance === undefined ? "never" : `step ${leftChance}`,
      number(validated.accuracy),
      number(trained.accuracy),
      `${validated.angularError.toFixed(1)}°`,
      number(validated.loss),
    ];
  });
  const head = ["view", "held out", "steps / time", "left chance", "accuracy", "trained"];
  return table([...head, "angular error", "loss"], rows);
}

function courseOf({ steps, seconds }: SplitResults[keyof SplitResults]): string {
  return `${steps} / ${formatSeconds(seconds)}`;
}

function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const lines = [head, head.map(() => "---"), ...rows];
  return `${lines.map((line) => `| ${line.join(" | ")} |`).join("\n")}\n`;
}

function number(value: number | undefined): string {
  return value === undefined ? "–" : value.toFixed(2);
}
