import type { Zyx } from "../../../domain/volumes/shape.ts";
import type { Directory } from "./tiff-directory.ts";
import { TAG } from "./tiff-page.ts";

/** Micrometres per unit, by the names that ImageJ and OME use. */
export const MICROMETRES: ReadonlyMap<string, number> = new Map([
  ...["micron", "microns", "um", "µm", "μm", "micrometer", "micrometre"].map(
    (u) => [u, 1] as const,
  ),
  ...["mm", "millimeter", "millimetre"].map((u) => [u, 1e3] as const),
  ...["cm", "centimeter", "centimetre"].map((u) => [u, 1e4] as const),
  ...["m", "meter", "metre"].map((u) => [u, 1e6] as const),
  ...["nm", "nanometer", "nanometre"].map((u) => [u, 1e-3] as const),
  ...["inch", "in"].map((u) => [u, 25400] as const),
]);

/** Resolutions that writers put when they know none, and those of printers and screens. */
const NOT_MEASURED = new Set([1, 72, 96, 100, 150, 200, 300, 400, 600, 1200, 2400]);

/** Units per pixel along y and x, as the resolution tags say; NaN or infinite when they do not. */
export async function readResolution(directory: Directory): Promise<readonly [number, number]> {
  const x = 1 / (await directory.number(TAG.xResolution, 0));
  const y = 1 / (await directory.number(TAG.yResolution, 0));
  return [y, x];
}

/** The voxel size that the resolution tags alone give: cubes, where pixels are squares of a measured size. */
export async function measuredSize(directory: Directory): Promise<Zyx | undefined> {
  const [y, x] = await readResolution(directory);
  const unit = await directory.number(TAG.resolutionUnit, 2);
  const factor = unit === 3 ? 1e4 : unit === 2 ? 25400 : undefined;
  const known = y > 0 && x > 0 && Number.isFinite(x * y) && !NOT_MEASURED.has(Math.round(1 / x));
  return known && factor !== undefined ? cubes(y * factor, x * factor) : undefined;
}

/** A resolution is a ratio of whole numbers: give back what somebody typed. */
export const roundedUm = (um: number) => Number(um.toPrecision(6));

/** Cubic voxels, where pixels are squares; undefined where they are not. */
export function cubes(y: number, x: number): Zyx | undefined {
  return Math.abs(y - x) <= 1e-3 * x ? [roundedUm(x), roundedUm(y), roundedUm(x)] : undefined;
}
