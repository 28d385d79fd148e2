import { localizeInput, type LocalizeInput, type StageResult } from "../schemas/stages.ts";
import { readScan } from "./stage/documents.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { localizeParts } from "./stage-parts.ts";
import { compile } from "./validate.ts";

const parse = compile<LocalizeInput>(localizeInput);

export interface LocalizeResult {
  readonly axis: number;
  /** Smallest and largest certainty of the profile. */
  readonly range: readonly [number, number];
}

/** Score every slice along one axis with a pretrained encoder; store its certainty profile and map. */
export function createLocalizeAxis(deps: StageDeps) {
  return async function localizeAxis(input: LocalizeInput): Promise<StageResult<LocalizeResult>> {
    const { scan, spec, view, encoder, axis } = parse(input);
    const { localize } = (await readScan(deps.store, spec, scan)).batch;
    const parts = localizeParts(view.key, encoder, axis, localize);
    return runStage<LocalizeResult>(deps, {
      subject: `${scan} ${["z", "y", "x"][axis]}`,
      parts,
      job: "localize",
      input: (key) => ({ key, view, encoder, ...parts.parameters }),
    });
  };
}
