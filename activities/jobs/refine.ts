import { pseudoLabels } from "../../domain/localization/refine/pseudo-labels.ts";
import type { PseudoLabelled } from "../../domain/localization/refine/refiner-learner.ts";
import { saveRefiner } from "../../domain/localization/refine/refiner-file.ts";
import { keys } from "../../schemas/names.ts";
import type { RefineInput, RefineResult } from "../../schemas/stages.ts";
import { breathe } from "../engine/breathe.ts";
import type { Job } from "../engine/job.ts";
import { useTensorFlow } from "../engine/use-tensorflow.ts";
import { trainRefiner } from "../refine/train-refiner.ts";
import { readCertainty } from "../stage/certainty.ts";
import { toJson } from "../stage/manifests.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { readView } from "../stage/view-store.ts";
import { putObject } from "../volumes/put-object.ts";
import type { JobDeps } from "./index.ts";

export interface RefineJob {
  readonly key: string;
  readonly scans: RefineInput["scans"];
  readonly steps: number;
  readonly seed: number;
}

/** Share of the job's progress bar that reading the maps takes. */
const READING = 0.2;

/** Learn a refinement network from the confident parts of many scans' maps. */
export function createRefineJob({
  store,
  addon,
}: JobDeps): Job<RefineJob, JobOutcome<RefineResult>> {
  return async function refine({ key, scans, steps, seed }, { signal, progress }) {
    await useTensorFlow(addon);
    const data: PseudoLabelled[] = [];
    for (const [i, { scan, view: ref, profiles }] of scans.entries()) {
      progress({ fraction: (READING * i) / scans.length, note: `reading ${scan}` });
      const labelled = await label(ref, profiles);
      if (labelled !== undefined) data.push(labelled);
      await breathe();
      signal.throwIfAborted();
    }
    const { refiner, loss, certainty } = await trainRefiner(
      data,
      { steps, seed },
      {
        signal,
        progress: ({ fraction, ...rest }) =>
          progress({ ...rest, fraction: READING + (1 - READING) * fraction }),
      },
    );
    try {
      const result: RefineResult = {
        ...{ refiner: key, scans: data.length, lookedAt: scans.length },
        ...{ loss, certainty },
      };
      const { config } = refiner;
      const record = { ...result, config, steps, seed };
      const prefix = keys.refiner(key);
      return {
        result,
        outputs: [
          await putObject(store, `${prefix}/refiner.bin`, saveRefiner(refiner)),
          await putObject(store, `${prefix}/refiner.json`, toJson(record)),
        ],
      };
    } finally {
      refiner.network.dispose();
    }
  };

  async function label(
    ref: RefineInput["scans"][number]["view"],
    profiles: readonly string[],
  ): Promise<PseudoLabelled | undefined> {
    const view = await readView(store, ref);
    const axes = await Promise.all(profiles.map((profile) => readCertainty(store, profile)));
    const maps = axes.flatMap(({ map }) => map ?? []);
    const radius = axes[0]?.windowRadius;
    if (maps.length === 0 || radius === undefined) return undefined;
    const labels = pseudoLabels(maps, view, radius);
    return labels === undefined ? undefined : { view, labels };
  }
}
