import type { Measure } from "./measure.ts";
import { TRAINING } from "./training/area.ts";
import { VOLUMES } from "./volumes/area.ts";

/** What can be measured, by the name on the command line. */
export const AREAS: Readonly<Record<string, readonly Measure[]>> = {
  volumes: VOLUMES,
  training: TRAINING,
};
