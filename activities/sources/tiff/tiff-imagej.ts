import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import type { Zyx } from "../../../domain/volumes/shape.ts";
import type { TiffDescription } from "./tiff-description.ts";
import { cubes, MICROMETRES, roundedUm } from "./tiff-resolution.ts";

/** ImageJ's own fields come first and are short. */
const MAX_TEXT = 64 * 1024;

/**
 * Read ImageJ's description. `UnsupportedFormat` for more than one channel or time, `CorruptData`
 * for numbers that are none or that contradict each other.
 *
 * @param pixel units per pixel along y and x
 * @see https://imagej.net/ij/source/ij/io/FileInfo.java and TiffDecoder.java
 */
export function describeImagej(
  text: string,
  [y, x]: readonly [number, number],
  subject: string,
): TiffDescription {
  const fields = new Map(
    text
      .slice(0, MAX_TEXT)
      .split(/\r?\n/)
      .map((line) => [line.split("=", 1)[0]!, line.slice(line.indexOf("=") + 1)]),
  );
  const planes = countPlanes(fields, subject);
  const unit =
    fields
      .get("unit")
      ?.replace(/\\u00[bB]5/, "µ")
      .trim() ?? "";
  const factor = MICROMETRES.get(unit);
  const given = fields.get("spacing");
  // Negative ones are ImageJ's own way to say that a stack runs backwards: it drops the sign, too.
  const spacing = Math.abs(Number(given ?? NaN));
  const wrong = given !== undefined && !(spacing > 0 && Number.isFinite(spacing));
  const common = {
    planes,
    pixels: undefined,
    badSpacing: wrong ? `an ImageJ spacing of ${given.slice(0, 40)}` : undefined,
  };
  const origin = { imagej: true, ...(unit === "" ? {} : { unit }) };
  if (factor === undefined || !(x > 0 && y > 0) || !Number.isFinite(x * y)) {
    return { ...common, voxelSizeUm: undefined, origin };
  }
  if (spacing > 0) {
    const size: Zyx = [roundedUm(spacing * factor), roundedUm(y * factor), roundedUm(x * factor)];
    return { ...common, voxelSizeUm: size, origin };
  }
  const size = cubes(y * factor, x * factor);
  return { ...common, voxelSizeUm: size, origin: { ...origin, zAssumed: true } };
}

function countPlanes(fields: ReadonlyMap<string, string>, subject: string): number | undefined {
  const count = (name: string) => {
    const text = fields.get(name)?.trim() ?? "1";
    const n = Number(text);
    if (/^\d+$/.test(text) && n >= 1 && Number.isSafeInteger(n)) return n;
    throw new CorruptData(
      `${subject} says in its ImageJ description ${name}=${text.slice(0, 40)}, expected 1 or more`,
    );
  };
  const [channels, slices, frames] = [count("channels"), count("slices"), count("frames")];
  // A stack that somebody opened as a time series is still a stack.
  if (channels > 1 || (slices > 1 && frames > 1)) {
    throw new UnsupportedFormat(
      `${subject} is an ImageJ hyperstack of ${channels} channels, ${slices} slices and ${frames} frames, expected one channel and one frame`,
    );
  }
  if (!fields.has("images")) return undefined;
  const images = count("images");
  if (slices * frames > 1 && slices * frames !== images) {
    throw new CorruptData(
      `${subject} says in its ImageJ description that it has ${images} images, but ${slices} slices and ${frames} frames`,
    );
  }
  return images;
}
