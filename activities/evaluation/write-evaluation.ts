import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replacePath } from "../volumes/replace-path.ts";
import { writeJson } from "./evaluate-splits.ts";
import type { Evaluated, EvaluateSplitsRequest, SplitResults } from "./evaluate-splits.ts";
import { evaluationFigure } from "./evaluation-figure.ts";
import { evaluationMarkdown } from "./evaluation-markdown.ts";

/** Everything that an evaluation found, in one document. */
export interface EvaluationDocument<P extends keyof SplitResults> extends Evaluated<
  SplitResults[P]
> {
  readonly pretext: P;
  readonly config: EvaluateSplitsRequest["config"];
  readonly budget: EvaluateSplitsRequest["budget"];
  /** Which way scans point by the first split's network; `--align` takes this file. */
  readonly directions?: Readonly<Record<string, 1 | -1>>;
}

/** Write what an evaluation found: `evaluation.json`, its curves `curves.svg`, and `table.md`. */
export async function writeEvaluation<P extends keyof SplitResults>(
  pretext: P,
  { out, config, budget }: EvaluateSplitsRequest,
  evaluated: Evaluated<SplitResults[P]>,
): Promise<EvaluationDocument<P>> {
  const [first] = evaluated.splits;
  const document: EvaluationDocument<P> = {
    pretext,
    config,
    budget,
    ...evaluated,
    ...(first?.pretext === "sorting"
      ? { directions: Object.fromEntries(first.scans.map((s) => [s.id, s.direction])) }
      : {}),
  };
  await writeJson(join(out, "evaluation.json"), document);
  for (const [name, text] of [
    ["curves.svg", evaluationFigure(evaluated.splits)],
    ["table.md", evaluationMarkdown(evaluated.splits)],
  ] as const) {
    await replacePath(join(out, name), (path) => writeFile(path, text));
  }
  return document;
}
