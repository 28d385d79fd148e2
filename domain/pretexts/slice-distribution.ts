import { InvalidInput } from "../errors.ts";

/** Which slices of a volume a batch is made of; plain JSON. */
export type SliceDistribution =
  /** Any slice, none twice; where there are fewer than asked for, all of them and then repeats. */
  | { readonly kind: "uniform" }
  /** Any slice, as often as it comes. */
  | { readonly kind: "withReplacement" }
  /** More often near `mu`, as often as it comes: the density is `exp(-(|u - mu| / alpha)^beta)`. */
  | {
      readonly kind: "generalizedGaussian";
      /** Where slices are likeliest, as a share of the range, 0 to 1. @default 0.5 */
      readonly mu?: number;
      /** How far from there they come, as a share of the range, 0.01 to 10. @default 0.4 */
      readonly alpha?: number;
      /** 2 is a Gaussian of standard deviation `alpha / √2`, large is a box; 0.5 to 64. @default 4 */
      readonly beta?: number;
    };

/** Throws `InvalidInput` naming the first parameter out of its bounds. */
export function checkSliceDistribution(distribution: SliceDistribution): void {
  const { kind } = distribution;
  if (kind === "uniform" || kind === "withReplacement") return;
  if (kind !== "generalizedGaussian") {
    throw new InvalidInput(
      `Expected slices uniform, withReplacement or generalizedGaussian, got ${String(kind)}`,
    );
  }
  const { mu, alpha, beta } = distribution;
  const within = (name: string, value: number | undefined, least: number, most: number) => {
    if (value === undefined || (value >= least && value <= most)) return;
    throw new InvalidInput(`Expected ${name} from ${least} to ${most}, got ${value}`);
  };
  within("mu", mu, 0, 1);
  within("alpha", alpha, 0.01, 10);
  within("beta", beta, 0.5, 64);
}
