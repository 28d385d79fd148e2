import { refinedAxisInput, type RefinedAxisInput, type StageResult } from "../schemas/stages.ts";
import type { LocalizeResult } from "./localize-axis.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { refinedParts } from "./stage-parts.ts";
import { compile } from "./validate.ts";

const parse = compile<RefinedAxisInput>(refinedAxisInput);

/** Look at a scan along one axis with a refinement network; store its probability and profile. */
export function createLocalizeRefined(deps: StageDeps) {
  return async function localizeRefined(
    input: RefinedAxisInput,
  ): Promise<StageResult<LocalizeResult>> {
    const { scan, view, refiner, axis } = parse(input);
    return runStage<LocalizeResult>(deps, {
      subject: `${scan} ${["z", "y", "x"][axis]}`,
      parts: refinedParts(view.key, refiner, axis),
      job: "localize-refined",
      input: (key) => ({ key, view, refiner, axis }),
    });
  };
}
