import { mkdir, rename, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { createPhantom } from "../../domain/phantoms/create-phantom.ts";
import { completeRequest, type PhantomRequest } from "../../domain/phantoms/phantom-request.ts";
import { breathe } from "../engine/breathe.ts";
import type { Job } from "../engine/job.ts";
import { toDiskError } from "../stores/disk-error.ts";
import { PHANTOM_VERSION, type PhantomTruth } from "./phantom-truth.ts";
import { preview } from "./preview.ts";
import { writeSlices } from "./write-slices.ts";

export interface PhantomJobInput extends PhantomRequest {
  readonly dir: string;
  readonly id: string;
}

/**
 * Make one phantom and write it: truth, a picture, labels and specimen first, the scan's folder
 * last, so that a scan that is there has all of its truth. Replaces what an earlier run left of this
 * id.
 */
export const phantomJob: Job<PhantomJobInput, PhantomTruth> = async (input, context) => {
  const { dir, id } = input;
  const request = completeRequest(input);
  const { signal } = context;
  const steps = createPhantom(request);
  let step = steps.next();
  while (!step.done) {
    signal.throwIfAborted();
    context.progress({ fraction: 0.95 * step.value.fraction, note: `${id}: projecting` });
    await breathe();
    step = steps.next();
  }
  const phantom = step.value;
  const truth: PhantomTruth = {
    ...request,
    shape_zyx: phantom.scan.shape,
    specimens: phantom.boxes,
    ...(phantom.box && { box_zyx: phantom.box }),
    touches: phantom.touches,
    voxelSizeUm: phantom.voxelSizeUm,
    specimenVoxels: phantom.specimenVoxels,
    version: PHANTOM_VERSION,
    plan: phantom.plan,
  };
  const pixelUm = phantom.voxelSizeUm[2];
  try {
    await rm(join(dir, id), { recursive: true, force: true });
    await writeJson(join(dir, "truth", `${id}.json`), truth);
    const picture = preview(phantom.scan, phantom.boxes, phantom.box);
    await writeFile(join(dir, "truth", `${id}.png`), picture);
    await writeSlices(join(dir, `${id}.labels`), phantom.labels, pixelUm, signal);
    await writeSlices(join(dir, "truth", `${id}.specimen`), phantom.specimen, pixelUm, signal);
    await writeSlices(join(dir, id), phantom.scan, pixelUm, signal);
  } catch (error) {
    throw toDiskError(error, join(dir, id));
  }
  context.progress({ fraction: 1, note: `${id}: written` });
  return truth;
};

/** Write a JSON document whole or not at all. */
export async function writeJson(path: string, value: unknown): Promise<void> {
  await mkdir(join(path, ".."), { recursive: true });
  await writeFile(`${path}.partial`, `${JSON.stringify(value, null, 1)}\n`);
  await rename(`${path}.partial`, path);
}
