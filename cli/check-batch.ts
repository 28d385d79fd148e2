import { toPretrainConfig } from "../activities/training/to-pretrain-config.ts";
import { InvalidInput } from "../domain/errors.ts";
import { checkPretrainConfig } from "../domain/pretexts/pretrain-config.ts";
import type { BatchSpec, PretrainParameters, ScanSpec } from "../schemas/batch.ts";

/**
 * What a schema cannot say about a batch whose fields are each valid: combinations that make no
 * sense, empty boxes. One line per problem, in the form of `explainErrors`.
 */
export function checkBatch(spec: BatchSpec, pretrain: PretrainParameters): string[] {
  return [
    ...spec.scans.flatMap(checkScan),
    ...checkPretrain(pretrain, spec.localize?.method ?? "windows"),
    ...(spec.crop?.uniform === true
      ? ["/crop/uniform: got true, expected false: one shape for the whole batch is not built yet"]
      : []),
  ];
}

function checkScan({ box, truth }: ScanSpec, index: number): string[] {
  return [
    ...(box === undefined ? [] : checkBox(box, `/scans/${index}/box`)),
    ...(truth?.box === undefined ? [] : checkBox(truth.box, `/scans/${index}/truth/box`)),
  ];
}

function checkBox(box: NonNullable<ScanSpec["box"]>, at: string): string[] {
  return box.flatMap(([lo, hi], axis) =>
    lo < hi ? [] : [`${at}/${axis}: got [${lo}, ${hi}], expected the first below the second`],
  );
}

/** Views, encoders, pretexts and methods that do not belong together. */
export function checkPretrain(
  pretrain: PretrainParameters,
  method: "windows" | "rotation" | "energy",
): string[] {
  const { view, encoder, pretext, dropouts } = pretrain;
  const problems: string[] = [];
  if (view === "slices" && encoder === "window-net") {
    problems.push(
      `/pretrain/encoder: got "window-net", which sees windows only; expected a resnet for view "slices"`,
    );
  }
  if (view === "windows" && encoder !== "window-net") {
    problems.push(
      `/pretrain/encoder: got "${encoder}" for view "windows", which is not supported yet; expected "window-net", or view "slices"`,
    );
  }
  if (pretext !== "rotation" && view === "windows") {
    problems.push(
      `/pretrain/pretext: got "${pretext}" for view "windows"; it learns from whole slices, expected view "slices"`,
    );
  }
  if (pretext !== "rotation" && method !== "energy") {
    problems.push(
      `/localize/method: got "${method}", which asks for the rotation pretext; expected "energy" with pretext "${pretext}"`,
    );
  }
  if (dropouts.some((rate) => rate > 0) && pretext !== "sorting") {
    problems.push(
      `/pretrain/dropouts: got [${dropouts.join(", ")}] for pretext "${pretext}"; only sorting drops channels`,
    );
  }
  if (pretext === "rotation" && method === "windows" && view === "slices") {
    problems.push(
      `/localize/method: got "windows" with an encoder of view "slices"; expected "rotation", or view "windows"`,
    );
  }
  if (method === "rotation" && view === "windows") {
    problems.push(
      `/localize/method: got "rotation" with an encoder of view "windows"; expected "windows", or view "slices"`,
    );
  }
  // What is said above says it better.
  if (problems.length === 0) problems.push(...checkTraining(pretrain));
  return problems;
}

/** What training itself would refuse, after the night's scans were ingested. */
function checkTraining(pretrain: PretrainParameters): string[] {
  try {
    checkPretrainConfig(toPretrainConfig(pretrain));
    return [];
  } catch (error) {
    if (!(error instanceof InvalidInput)) throw error;
    return [`/pretrain: ${error.message}`];
  }
}
