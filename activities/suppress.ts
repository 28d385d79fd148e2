import { suppressInput, type StageResult, type SuppressInput } from "../schemas/stages.ts";
import type { ViewRef } from "../schemas/volume.ts";
import { readScan } from "./stage/documents.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { compile } from "./validate.ts";

const parse = compile<SuppressInput>(suppressInput);
const VERSION = 1;

/** Mask the container at the level where localization works, and store the view it looks at. */
export function createSuppress(deps: StageDeps) {
  return async function suppress(input: SuppressInput): Promise<StageResult<ViewRef>> {
    const { scan, spec, volume, shapes } = parse(input);
    const { batch } = await readScan(deps.store, spec, scan);
    const level = workingLevel(shapes, batch.downscale.targetSize);
    return runStage<ViewRef>(deps, {
      subject: scan,
      parts: {
        stage: "suppress",
        version: VERSION,
        parameters: { level, container: batch.container.suppress },
        inputs: { volume: volume.digest },
      },
      job: "suppress",
      input: (key) => ({ key, volume, level, container: batch.container.suppress, scan }),
    });
  };
}

/** The pyramid level whose longest axis is nearest to `target`, as a ratio; the finer one of two equals. */
export function workingLevel(shapes: readonly (readonly number[])[], target: number): number {
  const distance = (shape: readonly number[]) => Math.abs(Math.log(Math.max(...shape) / target));
  let best = 0;
  shapes.forEach((shape, level) => {
    if (distance(shape) < distance(shapes[best] ?? shape)) best = level;
  });
  return best;
}
