import { join, resolve } from "node:path";
import type { EvaluateLocalizationRequest } from "../activities/evaluation/evaluate-localization.ts";
import { given } from "./evaluation-options.ts";
import { EXIT, type ExitCode } from "./exit.ts";
import { interruptible } from "./interruptible.ts";
import { localizationSummary, rowLines, scanLines, seedLines } from "./localization-lines.ts";
import { planLocalizers } from "./localization-plan.ts";
import type { LocalizerOptions } from "./localization-plan.ts";
import { createOutput } from "./output.ts";
import { createProgressLine } from "./progress-line.ts";

export interface LocalizationOptions extends LocalizerOptions {
  readonly data: string;
  readonly truth: string;
  readonly masks?: string;
  readonly only?: readonly string[];
  readonly skip?: readonly string[];
  readonly size: number;
  readonly container: "auto" | "none";
  readonly margin: number;
  readonly out?: string;
  readonly json?: boolean;
}

/** Voxels of the level per voxel of the view, as a batch has it, `jobs/suppress.ts`. */
const BIN = 2;

/** Localize the scans of a folder, tell each result as it is there, and write what was found. */
export async function runLocalization(options: LocalizationOptions): Promise<ExitCode> {
  const output = createOutput(options);
  const { evaluateLocalization } =
    await import("../activities/evaluation/evaluate-localization.ts");
  const { planLocalization } = await import("../activities/evaluation/plan-localization.ts");
  const { writeLocalization } = await import("../activities/evaluation/write-localization.ts");
  const { pieceEnvironment } = await import("../infra/setup/paths.mjs");
  const { data, truth, masks, only, skip, size, container, margin, warmStart } = options;
  const out = resolve(options.out ?? join("evaluation", "localization"));
  const localizers = planLocalizers({
    ...options,
    ...given({ warmStart: warmStart && resolve(warmStart) }),
  });
  const known = await planLocalization({
    ...{ data: resolve(data), truth, size, bin: BIN, container, margin },
    ...given({ masks: masks && resolve(masks), only, skip }),
  });
  const request: EvaluateLocalizationRequest = { ...known, localizers, out };
  const line = createProgressLine(output);
  const tell = (name: string, reused: boolean, lines: readonly string[]) => {
    line.done();
    const state = reused ? ", as it was measured before" : "";
    if (!output.json) output.say(`${name}${state}: ${lines.join("\n")}\n`);
  };
  try {
    const evaluated = await interruptible(
      "Stopped; the same command goes on with what was not finished",
      (signal) =>
        evaluateLocalization(request, {
          signal,
          env: { ...process.env, ...pieceEnvironment() },
          onProgress: line.update,
          onBaselines({ plain }, reused) {
            tell("Learning off", reused, ["by the energy alone", ...scanLines(plain)]);
          },
          onSeed(result, reused) {
            tell(`${result.localizer}, seed ${result.seed}`, reused, seedLines(result));
          },
        }),
    );
    line.done();
    const document = await writeLocalization(request, evaluated);
    output.document(document);
    output.say(
      [
        ...rowLines(document.rows),
        localizationSummary(document.rows, evaluated),
        `Written to ${out}: evaluation.json, table.md, localization.html`,
      ].join("\n"),
    );
    return EXIT.done;
  } finally {
    line.done();
  }
}
