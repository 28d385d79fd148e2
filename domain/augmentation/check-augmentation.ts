import { InvalidInput } from "../errors.ts";
import type { AugmentationConfig } from "./augmentation-config.ts";

/** What a parameter may be: one number or an interval, of whole numbers or any. */
interface Limit {
  readonly kind: "number" | "whole" | "range" | "wholes";
  readonly least: number;
  readonly most: number;
}

const number = (least: number, most: number): Limit => ({ kind: "number", least, most });
const whole = (least: number, most: number): Limit => ({ kind: "whole", least, most });
const range = (least: number, most: number): Limit => ({ kind: "range", least, most });
const wholes = (least: number, most: number): Limit => ({ kind: "wholes", least, most });

const share = number(0, 1);
const amount = range(0, 10);
const count = wholes(1, 64);

type Operations = Required<AugmentationConfig>;

const IN_WORDS = {
  number: "a number",
  whole: "a whole number",
  range: "an interval of numbers",
  wholes: "an interval of whole numbers",
} as const satisfies Record<Limit["kind"], string>;

/** The bounds that `AugmentationConfig` documents. */
const LIMITS: {
  readonly [O in keyof Operations]: { readonly [P in keyof Operations[O]]: Limit };
} = {
  crop: { p: share, area: range(0.01, 1), aspect: range(0.25, 4) },
  affine: { p: share, angle: range(-360, 360), shift: share, zoom: range(0.1, 10), mirror: share },
  grid: { p: share, cells: whole(2, 32), amount: number(0, 0.9) },
  elastic: { p: share, spacing: number(0.02, 1), amount: range(0, 0.2) },
  blur: { p: share, sigma: range(0, 20) },
  lowResolution: { p: share, factor: wholes(1, 16) },
  shotNoise: { p: share, sd: amount },
  ring: { p: share, count, amount, width: range(0.25, 20) },
  streak: { p: share, count, amount, width: range(0.25, 20) },
  noise: { p: share, sd: amount },
  window: { p: share, width: range(0.05, 2), shift: share },
  gamma: { p: share, gamma: range(0.1, 10) },
  solarize: { p: share, threshold: range(0, 1) },
  intensity: { p: share, gain: range(0, 10), offset: range(-10, 10) },
  cutout: { p: share, count, size: range(0, 1) },
};

/** Throws `InvalidInput` naming the first parameter that is missing, unknown or out of bounds. */
export function checkAugmentation(config: AugmentationConfig): void {
  for (const [operation, options] of Object.entries(config) as [string, unknown][]) {
    if (options === undefined) continue;
    if (options === null || typeof options !== "object") {
      throw new InvalidInput(
        `Expected ${operation} to be an object, got ${JSON.stringify(options)}`,
      );
    }
    if (!Object.hasOwn(LIMITS, operation)) {
      throw new InvalidInput(
        `Expected an augmentation (${Object.keys(LIMITS).join(", ")}), got ${operation}`,
      );
    }
    const limits: Readonly<Record<string, Limit>> = LIMITS[operation as keyof Operations];
    for (const name of Object.keys(options)) {
      if (Object.hasOwn(limits, name)) continue;
      throw new InvalidInput(
        `Expected ${operation} to have ${Object.keys(limits).join(", ")}, got ${name}`,
      );
    }
    for (const [name, limit] of Object.entries(limits)) {
      check(`${operation}.${name}`, (options as Readonly<Record<string, unknown>>)[name], limit);
    }
  }
}

function check(name: string, value: unknown, { kind, least, most }: Limit): void {
  const fits = (v: unknown) =>
    typeof v === "number" &&
    v >= least &&
    v <= most &&
    (kind === "number" || kind === "range" || Number.isInteger(v));
  const good =
    kind === "number" || kind === "whole"
      ? fits(value)
      : Array.isArray(value) && value.length === 2 && value.every(fits) && value[0] <= value[1];
  if (good) return;
  throw new InvalidInput(
    `Expected ${name} to be ${IN_WORDS[kind]} from ${least} to ${most}, got ${JSON.stringify(value)}`,
  );
}
