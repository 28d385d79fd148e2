import { setCurrentDetails } from "@temporalio/workflow";
import type { SegmentationModelResult } from "../schemas/stages.ts";
import { compute, quick } from "./proxies.ts";

export interface FineTuneInput {
  readonly model: string;
  /** Store key of the model's specification. */
  readonly spec: string;
}

/** Encoder + labelled crops → a segmentation model, evaluated, published under its name. */
export async function fineTuneSegmentation(input: FineTuneInput): Promise<SegmentationModelResult> {
  const resolved = await quick.resolveSegmentation(input);
  const trained = await compute.trainSegmentation({ spec: resolved.spec, key: resolved.key });
  await quick.publishModel({ model: input.model, key: trained.key });
  setCurrentDetails(`Mean IoU ${trained.result.meanIou.toFixed(3)}`);
  return trained.result;
}
