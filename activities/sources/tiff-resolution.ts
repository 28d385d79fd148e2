import { UnsupportedFormat } from "../../domain/errors.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";
import type { Directory } from "./tiff-directory.ts";
import { TAG } from "./tiff-page.ts";

/** What the description and the resolution tags of a first page say. */
export interface TiffDescription {
  /** Planes according to ImageJ, in a file that may have one directory for all; undefined otherwise. */
  readonly imagejPlanes: number | undefined;
  readonly voxelSizeUm: Zyx | undefined;
  readonly origin: JsonObject;
}

const MICROMETRES: Partial<Record<string, number>> = {
  micron: 1,
  microns: 1,
  um: 1,
  µm: 1,
  μm: 1,
  micrometer: 1,
  micrometre: 1,
  mm: 1e3,
  millimeter: 1e3,
  millimetre: 1e3,
  cm: 1e4,
  centimeter: 1e4,
  centimetre: 1e4,
  m: 1e6,
  meter: 1e6,
  metre: 1e6,
  nm: 1e-3,
  nanometer: 1e-3,
  nanometre: 1e-3,
  inch: 25400,
  in: 25400,
};

/** Resolutions that writers put when they know none, and those of printers and screens. */
const NOT_MEASURED = new Set([1, 72, 96, 100, 150, 200, 300, 400, 600, 1200, 2400]);

/**
 * Read ImageJ's or OME's description, else the resolution tags. Without a distance of slices,
 * voxels are taken for cubes, and `origin.zAssumed` says so. `UnsupportedFormat` for more than one
 * channel or time.
 */
export async function describeTiff(
  directory: Directory,
  subject: string,
): Promise<TiffDescription> {
  const text = await directory.text(TAG.description);
  if (text.includes("<OME") && text.includes("<Pixels")) return describeOme(text, subject);
  const x = 1 / (await directory.number(TAG.xResolution, 0));
  const y = 1 / (await directory.number(TAG.yResolution, 0));
  if (text.startsWith("ImageJ=")) return describeImagej(text, [y, x], subject);
  const unit = await directory.number(TAG.resolutionUnit, 2);
  const perUnit = 1 / x;
  const known = Number.isFinite(x) && Number.isFinite(y) && !NOT_MEASURED.has(Math.round(perUnit));
  const factor = unit === 3 ? 1e4 : unit === 2 ? 25400 : undefined;
  if (!known || factor === undefined) {
    return { imagejPlanes: undefined, voxelSizeUm: undefined, origin: {} };
  }
  return {
    imagejPlanes: undefined,
    voxelSizeUm: cubes(y * factor, x * factor),
    origin: { zAssumed: true },
  };
}

function describeImagej(
  text: string,
  [y, x]: readonly [number, number],
  subject: string,
): TiffDescription {
  const fields = new Map(
    text.split(/\r?\n/).map((line) => [line.split("=", 1)[0]!, line.slice(line.indexOf("=") + 1)]),
  );
  const count = (name: string) => Number(fields.get(name) ?? 1);
  const [channels, slices, frames] = [count("channels"), count("slices"), count("frames")];
  // A stack that somebody opened as a time series is still a stack.
  if (channels > 1 || (slices > 1 && frames > 1)) {
    throw new UnsupportedFormat(
      `${subject} is an ImageJ hyperstack of ${channels} channels, ${slices} slices and ${frames} frames, expected one channel and one frame`,
    );
  }
  const images = count("images");
  const unit =
    fields
      .get("unit")
      ?.replace(/\\u00[bB]5/, "µ")
      .trim() ?? "";
  const factor = MICROMETRES[unit];
  const spacing = Math.abs(Number(fields.get("spacing") ?? NaN));
  const origin = { imagej: true, ...(unit === "" ? {} : { unit }) };
  const imagejPlanes = Number.isSafeInteger(images) && images > 0 ? images : undefined;
  if (factor === undefined || !(x > 0 && y > 0) || !Number.isFinite(x * y)) {
    return { imagejPlanes, voxelSizeUm: undefined, origin };
  }
  if (spacing > 0) {
    const size: Zyx = [rounded(spacing * factor), rounded(y * factor), rounded(x * factor)];
    return { imagejPlanes, voxelSizeUm: size, origin };
  }
  return {
    imagejPlanes,
    voxelSizeUm: cubes(y * factor, x * factor),
    origin: { ...origin, zAssumed: true },
  };
}

function describeOme(text: string, subject: string): TiffDescription {
  const pixels = /<Pixels\b[^>]*>/.exec(text)?.[0] ?? "";
  const attribute = (name: string) => new RegExp(`\\b${name}="([^"]*)"`).exec(pixels)?.[1];
  const [channels, times] = [Number(attribute("SizeC") ?? 1), Number(attribute("SizeT") ?? 1)];
  if (channels > 1 || times > 1) {
    throw new UnsupportedFormat(
      `${subject} is an OME-TIFF of ${channels} channels and ${times} times, expected one of each`,
    );
  }
  const size = (axis: string) => {
    const unit = MICROMETRES[attribute(`PhysicalSize${axis}Unit`) ?? "µm"];
    return Number(attribute(`PhysicalSize${axis}`) ?? NaN) * (unit ?? NaN);
  };
  const [z, y, x] = [size("Z"), size("Y"), size("X")];
  const origin = { ome: true };
  if (!(y > 0 && x > 0)) return { imagejPlanes: undefined, voxelSizeUm: undefined, origin };
  if (z > 0) return { imagejPlanes: undefined, voxelSizeUm: [z, y, x], origin };
  return {
    imagejPlanes: undefined,
    voxelSizeUm: cubes(y, x),
    origin: { ...origin, zAssumed: true },
  };
}

/** A resolution is a ratio of whole numbers: give back what somebody typed. */
const rounded = (um: number) => Number(um.toPrecision(6));

/** Cubic voxels, where pixels are squares; undefined where they are not. */
function cubes(y: number, x: number): Zyx | undefined {
  return Math.abs(y - x) <= 1e-3 * x ? [rounded(x), rounded(y), rounded(x)] : undefined;
}
