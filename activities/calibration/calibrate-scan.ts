import { featuresOf } from "../../domain/localization/calibration/features.ts";
import { worstCut } from "../../domain/localization/calibration/worst-cut.ts";
import { InvalidInput } from "../../domain/errors.ts";
import { AXES, type Box, type Zyx } from "../../domain/volumes/shape.ts";
import type { CalibratedScan, Localizer } from "../../schemas/calibration.ts";
import { keys } from "../../schemas/names.ts";
import type { ScanStatus } from "../../schemas/result.ts";
import { NotFound } from "../../domain/errors.ts";
import type { ObjectStore } from "../deps.ts";
import { type KnownBox, scaleBox } from "../evaluation/read-truth-file.ts";
import { readManifest } from "../stage/manifests.ts";
import { describeLocalizer } from "./describe-localizer.ts";

/** What a scan says about the localizer that found its box. */
export interface ScanMeasure {
  readonly measured: Omit<CalibratedScan, "learnedFrom" | "batch">;
  /** The view that it was found in. */
  readonly view: string;
  readonly localizer: Localizer;
}

/**
 * Compare the box that was found in a scan, without its margin, with the true one.
 *
 * A truth of another size of the volume is brought to the scan's. Throws `InvalidInput` with the
 * reason where the scan cannot be used: it was kept whole, its box was given by hand, or the truth
 * is of a volume of other proportions.
 */
export async function calibrateScan(
  store: ObjectStore,
  status: ScanStatus,
  truth: KnownBox,
  targetSize: number,
): Promise<ScanMeasure> {
  const { scan, outcome, box, confidence, prepared, stages } = status;
  const key = stages?.reconcile?.key;
  if (outcome === "kept-whole") {
    throw new InvalidInput("kept whole: no box was found that could cut it");
  }
  if (outcome !== "cropped" || box === undefined || prepared === undefined || key === undefined) {
    throw new InvalidInput(`not cropped (${outcome ?? status.state})`);
  }
  const manifest = await readManifest(store, "reconcile", key);
  if (manifest === undefined) throw new NotFound(`${keys.manifest("reconcile", key)} is gone`);
  const { parts } = manifest;
  if (parts.parameters["byHand"] !== null) throw new InvalidInput("its box was given by hand");
  const { volume, view } = prepared;
  const { cut, face } = worstCut(box, toScale(truth, volume.shape), volume.shape);
  const { confidence: sure, ...sides } = featuresOf(box, volume.shape, confidence ?? 0);
  return {
    measured: {
      ...{ scan, volume: volume.digest, worstCut: cut, face, confidence: sure },
      sides: [sides.sideZ, sides.sideY, sides.sideX],
    },
    view: view.key,
    localizer: await describeLocalizer(store, parts, targetSize),
  };
}

function toScale(truth: KnownBox, shape: Zyx): Box {
  if (truth.shape.join() === shape.join()) return truth.box;
  const scales = AXES.map((axis) => shape[axis] / truth.shape[axis]);
  if (Math.max(...scales) > 1.05 * Math.min(...scales)) {
    throw new InvalidInput(
      `its truth is of a volume of ${truth.shape.join(" × ")}, the scan is ${shape.join(" × ")}`,
    );
  }
  return scaleBox(truth, shape);
}
