import type { Random } from "../random.ts";
import { poisson } from "./poisson.ts";

/** What one scan's detector does to line integrals. */
export interface Detector {
  /** Sideways shift of each projection, in columns: drift, jitter and the axis' error. `[angles]` */
  readonly shift: Float64Array;
  /** Turn one slice's exact line integrals `[angles, columns]` into measured ones, in place. */
  measure(sinogram: Float32Array): void;
}

/** Chance that a column is bad, and how much worse it then is. */
const BAD_COLUMN = { chance: 0.03, factor: 5 };

/** Correlation of a column's gain error from one slice to the next. */
const RING_PERSISTENCE = 0.95;
const RING_RENEWAL = Math.sqrt(1 - RING_PERSISTENCE ** 2);

/** Where the edge is sharper than the model holds, at metal, it shines no more than this. */
const BRIGHTEST = 2;

/**
 * Count photons: Beer–Lambert, a phase-contrast edge, Poisson noise, and gains that differ from
 * column to column and change slowly from slice to slice, so that rings persist along z.
 *
 * The edge is the transport of intensity along the row only, `I·(1 − c·∂²p/∂k²)`; across slices it
 * is left out. `attenuation` is −ln of the transmission per unit of line integral. `measure` is
 * called once per slice, in order: gains and noise go on from slice to slice.
 */
export function createDetector(options: {
  readonly columns: number;
  readonly angles: number;
  readonly attenuation: number;
  readonly photons: number;
  readonly columnGain: number;
  readonly phaseEdge: number;
  readonly drift: number;
  readonly jitter: number;
  readonly axisError: number;
  readonly random: Random;
}): Detector {
  const { columns, angles, attenuation, photons, columnGain, phaseEdge, random } = options;
  const shift = Float64Array.from(
    { length: angles },
    (_, a) =>
      options.drift * (a / angles - 0.5) + options.jitter * random.normal() + options.axisError,
  );
  const spread = Float64Array.from(
    { length: columns },
    () => columnGain * (random.next() < BAD_COLUMN.chance ? BAD_COLUMN.factor : 1),
  );
  const gain = spread.map((s) => s * random.normal());
  const exact = new Float64Array(columns);
  return {
    shift,
    measure(sinogram) {
      for (let a = 0; a < angles; a++) {
        const row = sinogram.subarray(a * columns, (a + 1) * columns);
        for (let k = 0; k < columns; k++) exact[k] = row[k]! * attenuation;
        for (let k = 0; k < columns; k++) {
          const p = exact[k]!;
          const curvature = (exact[k - 1] ?? p) - 2 * p + (exact[k + 1] ?? p);
          const mean =
            photons * Math.exp(-p) * Math.min(BRIGHTEST, Math.max(0.05, 1 + phaseEdge * curvature));
          const count = poisson(random, mean);
          row[k] = (-Math.log(Math.max(count / photons, 1e-4)) + gain[k]!) / attenuation;
        }
      }
      for (let k = 0; k < columns; k++) {
        gain[k] = RING_PERSISTENCE * gain[k]! + RING_RENEWAL * spread[k]! * random.normal();
      }
    },
  };
}
