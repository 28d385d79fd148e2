import { suppressInput, type StageResult, type SuppressInput } from "../schemas/stages.ts";
import type { ViewRef } from "../schemas/volume.ts";
import { readScan } from "./stage/documents.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { suppressParts } from "./stage-parts.ts";
import { workingLevel } from "./working-level.ts";
import { compile } from "./validate.ts";

const parse = compile<SuppressInput>(suppressInput);

/** Mask the container at the level where localization works, and store the view it looks at. */
export function createSuppress(deps: StageDeps) {
  return async function suppress(input: SuppressInput): Promise<StageResult<ViewRef>> {
    const { scan, spec, volume, shapes } = parse(input);
    const { batch } = await readScan(deps.store, spec, scan);
    const level = workingLevel(shapes, batch.downscale.targetSize);
    return runStage<ViewRef>(deps, {
      subject: scan,
      parts: suppressParts(volume.digest, level, batch.container.suppress),
      job: "suppress",
      input: (key) => ({ key, volume, level, container: batch.container.suppress, scan }),
    });
  };
}
