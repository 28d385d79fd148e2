import type { Measure } from "../measure.ts";
import { CALLS } from "./calls.ts";
import { INFERENCE } from "./inference.ts";
import { STEP } from "./step.ts";
import { WAITING } from "./waiting.ts";

/** Issue "Training": steps and inference as fast as Keras makes them on the same TensorFlow. */
export const TRAINING: readonly Measure[] = [STEP, INFERENCE, CALLS, WAITING];
