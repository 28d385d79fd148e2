import type { EncoderConfig } from "../../../domain/networks/encoder.ts";

/** What is trained, the same for both sides. */
export interface Setting {
  readonly kind: EncoderConfig["kind"];
  readonly batch: number;
  /** Pixels on a side. */
  readonly size: number;
  /** Steps, or batches, that are timed, after two that are not. */
  readonly steps: number;
}

/** What the goals are about; or, to try the harness, ResNet-18 on `[slices, side, side]`. */
export function settingsOf(shape: readonly [number, number, number] | undefined) {
  if (shape === undefined) return SETTINGS;
  return [{ kind: "resnet18", batch: shape[0], size: shape[1], steps: 12 }] as const;
}

const SETTINGS: readonly Setting[] = [
  { kind: "resnet18", batch: 12, size: 128, steps: 12 },
  { kind: "resnet18", batch: 32, size: 128, steps: 6 },
  { kind: "resnet50", batch: 8, size: 224, steps: 4 },
];

export const WARM = 2;

export function describeSetting({ kind, batch, size }: Setting): string {
  return `${kind === "resnet18" ? "ResNet-18" : "ResNet-50"}, ${batch} slices of ${size}²`;
}
