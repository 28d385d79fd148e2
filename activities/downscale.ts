import {
  downscaleInput,
  type DownscaleInput,
  type DownscaleResult,
  type StageResult,
} from "../schemas/stages.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { compile } from "./validate.ts";

const parse = compile<DownscaleInput>(downscaleInput);
const VERSION = 2;

/** Build a volume's pyramid, mean for images and mode for labels, and declare the whole as OME-Zarr. */
export function createDownscale(deps: StageDeps) {
  return async function downscale(input: DownscaleInput): Promise<StageResult<DownscaleResult>> {
    const { scan, volume, labels = false } = parse(input);
    const mode = labels ? "mode" : "mean";
    return runStage<DownscaleResult>(deps, {
      subject: labels ? `${scan} (labels)` : scan,
      parts: {
        stage: "downscale",
        version: VERSION,
        parameters: { mode },
        inputs: { volume: volume.digest },
      },
      job: "downscale",
      input: () => ({ volume, mode }),
    });
  };
}
