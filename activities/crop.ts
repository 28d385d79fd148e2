import { cropInput, type CropInput, type CropResult, type StageResult } from "../schemas/stages.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { cropParts } from "./stage-parts.ts";
import { compile } from "./validate.ts";

const parse = compile<CropInput>(cropInput);

/** Copy box + margin, exact in every voxel, into a volume of its own, with the record that reverses it. */
export function createCrop(deps: StageDeps) {
  return async function crop(input: CropInput): Promise<StageResult<CropResult>> {
    const { scan, volume, box, margin, confidence, reconcile, encoder } = parse(input);
    return runStage<CropResult>(deps, {
      subject: scan,
      parts: cropParts(volume.digest, { box, margin }, { reconcile, encoder }),
      job: "crop",
      input: (key) => ({
        key,
        volume,
        box,
        margin,
        record: { confidence, reconcile, encoder: encoder ?? null },
      }),
    });
  };
}
