import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import type { TiffDescription } from "./tiff-description.ts";
import { misplacedPage, omePixels, xmlAttribute } from "./tiff-ome-tags.ts";
import { cubes, MICROMETRES } from "./tiff-resolution.ts";

/**
 * Read the first `Pixels` of an OME-XML description. No XML parser: its attributes are all that is
 * needed, and so there are no entities to expand. `UnsupportedFormat` for more than one channel or
 * time, `CorruptData` for sizes that are no numbers.
 * @see https://docs.openmicroscopy.org/ome-model/latest/ome-tiff/specification.html
 */
export function describeOme(text: string, subject: string): TiffDescription {
  if (/<!DOCTYPE/i.test(text)) {
    throw new CorruptData(
      `${subject} has an OME description with a DOCTYPE, which OME-XML has not`,
    );
  }
  const found = omePixels(text);
  if (found === undefined) {
    throw new CorruptData(`${subject} has an OME description without a whole <Pixels …> in it`);
  }
  const attribute = (name: string) => xmlAttribute(found.pixels, name);
  const count = (name: string, fallback?: number) => {
    const value = attribute(name);
    if (value === undefined) return fallback;
    if (/^\d+$/.test(value) && Number(value) >= 1) return Number(value);
    throw new CorruptData(
      `${subject} says in its OME description ${name}=${JSON.stringify(value.slice(0, 40))}, expected 1 or more`,
    );
  };
  const [channels, times] = [count("SizeC", 1)!, count("SizeT", 1)!];
  if (channels > 1 || times > 1) {
    throw new UnsupportedFormat(
      `${subject} is an OME-TIFF of ${channels} channels and ${times} times, expected one of each`,
    );
  }
  let badSpacing: string | undefined;
  const size = (axis: string) => {
    const value = attribute(`PhysicalSize${axis}`);
    if (value === undefined) return NaN;
    if (!(Number(value) > 0 && Number.isFinite(Number(value)))) {
      badSpacing ??= `PhysicalSize${axis}=${JSON.stringify(value.slice(0, 40))} in its OME description`;
    }
    return Number(value) * (MICROMETRES.get(attribute(`PhysicalSize${axis}Unit`) ?? "µm") ?? NaN);
  };
  const [z, y, x] = [size("Z"), size("Y"), size("X")];
  const common = {
    planes: undefined,
    pixels: {
      SizeX: count("SizeX"),
      SizeY: count("SizeY"),
      SizeZ: count("SizeZ"),
      Type: attribute("Type"),
      misplaced: misplacedPage(found.data),
    },
    badSpacing,
  };
  const origin = { ome: true };
  if (!(y > 0 && x > 0)) return { ...common, voxelSizeUm: undefined, origin };
  if (z > 0) return { ...common, voxelSizeUm: [z, y, x], origin };
  return { ...common, voxelSizeUm: cubes(y, x), origin: { ...origin, zAssumed: true } };
}
