import type { EncoderRef, ViewRef } from "../schemas/volume.ts";
import { compute } from "./proxies.ts";

export const AXES = [0, 1, 2] as const;

/** What is looked at, with what. */
export interface LocalizeAxesInput {
  readonly batch: string;
  readonly scan: string;
  readonly spec: string;
  readonly view: ViewRef;
  readonly encoder: EncoderRef;
}

/** The results of one scan along z ‖ y ‖ x. */
export function localizeAxes(input: LocalizeAxesInput) {
  return Promise.all(AXES.map((axis) => compute.localizeAxis({ ...input, axis })));
}
