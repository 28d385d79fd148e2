import { createView } from "../../domain/localization/create-view.ts";
import { keys } from "../../schemas/names.ts";
import type { ViewRef, VolumeRef } from "../../schemas/volume.ts";
import { breathe } from "../engine/breathe.ts";
import type { Job } from "../engine/job.ts";
import { toJson } from "../stage/manifests.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { writeView } from "../stage/view-store.ts";
import { putObject } from "../volumes/put-object.ts";
import { readLevel } from "../volumes/read-box.ts";
import type { JobDeps } from "./index.ts";

export interface SuppressJob {
  readonly key: string;
  readonly volume: VolumeRef;
  readonly level: number;
  readonly container: "auto" | "none";
  readonly scan: string;
}

/** Working-level voxels per voxel of the view (`reference/localization.md` §4.2). */
const BIN = 2;

/** Find and mask the container, even out what is left, and store the view and what was found. */
export function createSuppressJob({ store }: JobDeps): Job<SuppressJob, JobOutcome<ViewRef>> {
  return async function suppress({ key, volume, level, container }, { signal, progress }) {
    const grid = await readLevel(store, keys.volume(volume.digest), level, { signal });
    const steps = createView(grid, { bin: BIN, container });
    let step = steps.next();
    while (step.done !== true) {
      progress(step.value);
      await breathe();
      signal.throwIfAborted();
      step = steps.next();
    }
    const { view, container: report } = step.value;
    const outputs = await writeView(store, key, view);
    const document = await putObject(
      store,
      `${keys.stage("suppress", key)}/container.json`,
      toJson(report),
    );
    return {
      result: {
        key,
        level,
        bin: view.bin,
        shape: [...view.values.shape],
        container: `${report.kind}: ${report.reason}`,
      },
      outputs: [...outputs, document],
    };
  };
}
