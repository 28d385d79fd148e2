import { InvalidInput, NotFound } from "../domain/errors.ts";
import { growBox } from "../domain/volumes/box.ts";
import type { Box } from "../domain/volumes/shape.ts";
import type { KeyParts } from "../schemas/manifest.ts";
import { keys } from "../schemas/names.ts";
import type { BatchStatus } from "../schemas/result.ts";
import {
  applySegmentationInput,
  segmentSpec,
  trainSegmentationInput,
  type ApplySegmentationInput,
  type SegmentSpec,
  type SegmentationModelResult,
  type SegmentationResult,
  type TrainSegmentationInput,
  type StageResult,
} from "../schemas/stages.ts";
import type { EncoderRef } from "../schemas/volume.ts";
import { contentKey } from "./stage/content-key.ts";
import { findDocument, readDocument } from "./stage/documents.ts";
import { readManifest, toJson } from "./stage/manifests.ts";
import { runStage, type StageDeps } from "./stage/run-stage.ts";
import { segmentParts } from "./stage-parts.ts";
import { compile } from "./validate.ts";

const parseSpec = compile<SegmentSpec>(segmentSpec);
const parseApply = compile<ApplySegmentationInput>(applySegmentationInput);
const parseTrain = compile<TrainSegmentationInput>(trainSegmentationInput);
const VERSION = 1;

/** A crop with its labels: what a segmentation model learns from. */
export interface LabelledCrop {
  readonly scan: string;
  readonly crop: string;
  /** Digest of the label volume, which lies on the grid of the whole scan. */
  readonly labels: string;
  /** Where the crop lies in the scan: box and margin together. */
  readonly region: Box;
}

/** A segmentation's specification with everything looked up. */
export interface ResolvedSegmentation {
  readonly parts: KeyParts;
  readonly crops: readonly LabelledCrop[];
  readonly encoder: EncoderRef | null;
  readonly parameters: Omit<SegmentSpec, "model" | "batch" | "encoder">;
}

/** Fine-tune a segmentation model on labelled crops, and apply one to a crop. */
export function createSegmentActivities(deps: StageDeps) {
  const { store } = deps;
  return {
    /** Look up crops, labels and encoder, and name what would be trained. */
    async resolveSegmentation(input: {
      model: string;
      spec: string;
    }): Promise<{ spec: string; key: string }> {
      const {
        model: _model,
        batch,
        encoder,
        ...parameters
      } = parseSpec(await readDocument(store, input.spec));
      const status = await findDocument<BatchStatus>(store, keys.batchResult(batch));
      if (status === undefined || status.outcome === "running") {
        throw new NotFound(`There is no finished batch ${batch}`);
      }
      const crops = status.scans.flatMap(toLabelledCrop);
      if (crops.length === 0) {
        throw new InvalidInput(`Batch ${batch} has no cropped scan with labels to learn from`);
      }
      const pretrained = encoder === undefined ? null : await findEncoder(store, encoder);
      const parts: KeyParts = {
        stage: "segment",
        version: VERSION,
        parameters: { ...parameters, regions: crops.map(({ region }) => region) },
        inputs: {
          crops: crops.map(({ crop }) => crop),
          labels: crops.map(({ labels }) => labels),
          encoder: pretrained?.key ?? "none",
        },
      };
      const key = contentKey(parts);
      const spec = `${keys.model(key)}/spec.json`;
      const resolved: ResolvedSegmentation = { parts, crops, encoder: pretrained, parameters };
      await store.put(spec, toJson(resolved));
      return { spec, key };
    },

    async trainSegmentation(
      input: TrainSegmentationInput,
    ): Promise<StageResult<SegmentationModelResult>> {
      const { spec } = parseTrain(input);
      const resolved = await readDocument<ResolvedSegmentation>(store, spec);
      return runStage<SegmentationModelResult>(deps, {
        subject: "model",
        parts: resolved.parts,
        job: "train-segmentation",
        input: (key) => ({ key, ...resolved }),
      });
    },

    /** Point a model's name at what was trained; the older keys stay. */
    async publishModel(input: { model: string; key: string }): Promise<void> {
      await store.put(keys.modelName(input.model), toJson({ key: input.key }));
    },

    async applySegmentation(
      input: ApplySegmentationInput,
    ): Promise<StageResult<SegmentationResult>> {
      const { scan, model, crop } = parseApply(input);
      const key = await modelKey(store, model);
      return runStage<SegmentationResult>(deps, {
        subject: scan,
        parts: segmentParts(crop, key),
        job: "apply-segmentation",
        input: (own) => ({ key: own, crop, model: key, scan }),
      });
    },
  };
}

const NO_MARGIN: Box = [
  [0, 0],
  [0, 0],
  [0, 0],
];

function toLabelledCrop(status: BatchStatus["scans"][number]): LabelledCrop[] {
  const { scan, crop, box, margin = NO_MARGIN, prepared } = status;
  if (crop === undefined || box === undefined || prepared?.labels === undefined) return [];
  const region = growBox(box, margin, prepared.volume.shape);
  return [{ scan, crop, labels: prepared.labels.digest, region }];
}

/** An encoder by its key, or the newest whole-slice one of `latest:<collection>`. */
async function findEncoder(store: StageDeps["store"], name: string): Promise<EncoderRef> {
  const collection = /^latest:(.+)$/.exec(name)?.[1];
  const found =
    collection === undefined
      ? ((await readManifest(store, "pretrain", name))?.result["encoder"] as EncoderRef | undefined)
      : await findDocument<EncoderRef>(store, keys.latestEncoder(collection, "slices"));
  if (found === undefined) throw new NotFound(`There is no encoder ${name}`);
  if (found.view !== "slices") {
    throw new InvalidInput(
      `Encoder ${name} was pretrained on windows; segmentation needs one pretrained on whole slices`,
    );
  }
  return found;
}

/** The key of a model by its name or key; `NotFound` where there is none. */
export async function modelKey(store: StageDeps["store"], model: string): Promise<string> {
  if (/^[0-9a-f]{64}$/.test(model)) return model;
  const named = await findDocument<{ key: string }>(store, keys.modelName(model));
  if (named === undefined) throw new NotFound(`There is no segmentation model ${model}`);
  return named.key;
}
