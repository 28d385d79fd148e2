import { micrometresPer } from "../voxel-size/voxel-size-units.ts";

/**
 * Micrometres per unit of length, by the names that OME-Zarr takes from UDUNITS-2 and other formats
 * do not use.
 * @see https://ngff.openmicroscopy.org/0.5/#axes-md
 */
const MICROMETRES: Readonly<Record<string, number>> = {
  attometer: 1e-12,
  decimeter: 1e5,
  exameter: 1e24,
  femtometer: 1e-9,
  foot: 304_800,
  gigameter: 1e15,
  hectometer: 1e8,
  inch: 25_400,
  kilometer: 1e9,
  megameter: 1e12,
  mile: 1_609_344_000,
  parsec: 3.0856775814913673e22,
  petameter: 1e21,
  picometer: 1e-6,
  terameter: 1e18,
  yard: 914_400,
  yoctometer: 1e-18,
  yottameter: 1e30,
  zeptometer: 1e-15,
  zettameter: 1e27,
};

/** Undefined for a unit that is no length, or is not named. */
export function lengthOfUnit(unit: unknown): number | undefined {
  if (typeof unit !== "string") return undefined;
  return Object.hasOwn(MICROMETRES, unit) ? MICROMETRES[unit] : micrometresPer(unit);
}
