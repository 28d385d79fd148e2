import {
  createRefinerBatches,
  createRefinerLearner,
  type PseudoLabelled,
} from "../../domain/localization/refine/refiner-learner.ts";
import {
  createRefinerNetwork,
  type RefinerNetwork,
} from "../../domain/localization/refine/refiner-network.ts";
import { createTrainer } from "../../domain/training/trainer.ts";
import { driveSteps } from "../engine/drive-steps.ts";
import { compiledOrEager } from "../engine/graph/compiled-or-eager.ts";
import type { JobContext } from "../engine/job.ts";

export interface RefinerTraining {
  readonly steps: number;
  readonly seed: number;
  /** Channels of the first layer. @default 16 */
  readonly width?: number;
  /** Of Adam, falling by a cosine. @default 0.002 */
  readonly rate?: number;
}

export interface TrainedRefiner {
  /** The caller disposes its network. */
  readonly refiner: RefinerNetwork;
  /** Of the last step. */
  readonly loss: number;
  /** Mean of the probabilities that voxels get which are surely specimen or not, 0.5 to 1. */
  readonly certainty: number;
}

/**
 * Train one refinement network on the confident voxels of many scans. Deterministic in its
 * arguments. Throws `InvalidInput` where no scan has a voxel that is surely specimen.
 */
export async function trainRefiner(
  data: readonly PseudoLabelled[],
  { steps, seed, width = 16, rate = 2e-3 }: RefinerTraining,
  { signal, progress }: JobContext,
): Promise<TrainedRefiner> {
  const draw = createRefinerBatches(data, { seed });
  const refiner = createRefinerNetwork({ width, seed });
  try {
    const trainer = await createTrainer(
      createRefinerLearner(refiner),
      { draw },
      {
        ...{ steps, rate, warmup: 0, seed, optimizer: { kind: "adam" }, clipNorm: 5 },
        createRunner: compiledOrEager((reason) =>
          progress({ fraction: 0, note: `training step by step, not compiled: ${reason}` }),
        ),
      },
    );
    try {
      let certainty = NaN;
      const { loss } = await driveSteps(trainer.train(), { signal }, (step) => {
        certainty = step.accuracy ?? certainty;
        progress({
          fraction: step.step / steps,
          note: `refining: step ${step.step} of ${steps}, loss ${step.loss.toFixed(3)}`,
        });
      });
      await trainer.pull();
      return { refiner, loss, certainty };
    } finally {
      trainer.dispose();
    }
  } catch (error) {
    refiner.network.dispose();
    throw error;
  }
}
