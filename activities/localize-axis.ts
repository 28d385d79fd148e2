import { localizeInput, type LocalizeInput, type StageResult } from "../schemas/stages.ts";
import { readScan } from "./stage/documents.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { compile } from "./validate.ts";

const parse = compile<LocalizeInput>(localizeInput);
const VERSION = 1;

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
    const parameters =
      encoder.view === "windows"
        ? { axis, stride: localize.stride }
        : { axis, score: localize.score };
    return runStage<LocalizeResult>(deps, {
      subject: `${scan} ${["z", "y", "x"][axis]}`,
      parts: {
        stage: "localize",
        version: VERSION,
        parameters,
        inputs: { view: view.key, encoder: encoder.key },
      },
      job: "localize",
      input: (key) => ({ key, view, encoder, ...parameters }),
    });
  };
}
