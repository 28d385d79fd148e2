import {
  downscaleInput,
  type DownscaleInput,
  type DownscaleResult,
  type StageResult,
} from "../schemas/stages.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { downscaleParts } from "./stage-parts.ts";
import { compile } from "./validate.ts";

const parse = compile<DownscaleInput>(downscaleInput);

/** Build a volume's pyramid, mean for images and mode for labels, and declare the whole as OME-Zarr. */
export function createDownscale(deps: StageDeps) {
  return async function downscale(input: DownscaleInput): Promise<StageResult<DownscaleResult>> {
    const { scan, volume, labels = false } = parse(input);
    const mode = labels ? "mode" : "mean";
    return runStage<DownscaleResult>(deps, {
      subject: labels ? `${scan} (labels)` : scan,
      parts: downscaleParts(volume.digest, mode),
      job: "downscale",
      input: () => ({ volume, mode }),
    });
  };
}
