import type { Dtype, Zyx } from "../../../domain/volumes/shape.ts";
import type { Hdf5Layout, Hdf5Library, Hdf5Place } from "./hdf5-library.ts";

/** A data set that has the form of a volume. */
export interface Hdf5Volume {
  readonly place: Hdf5Place;
  /** As seen from the root of the file; the first is the one to show. */
  readonly names: readonly string[];
  readonly layout: Hdf5Layout;
  readonly shape: Zyx;
  /** Which axes of the data set z, y and x are; the others have length 1. */
  readonly axes: Zyx;
}

const NUMBERS = /^(u?int(8|16|32|64)|float(16|32|64)|bool)$/;

/** Types that are read, by the library's names; numpy's bool is stored as bytes of 0 and 1. */
export const HDF5_TYPES: Partial<Record<string, Dtype>> = {
  uint8: "uint8",
  int8: "int8",
  uint16: "uint16",
  int16: "int16",
  uint32: "uint32",
  int32: "int32",
  float32: "float32",
  bool: "uint8",
};

/** A data set as a volume, if it has three axes (beside some of length 1) and holds numbers. */
export function asHdf5Volume(
  library: Hdf5Library,
  place: Hdf5Place,
  names: readonly string[],
): Hdf5Volume | undefined {
  if (library.kind(place) !== "dataset") return undefined;
  const layout = library.layout(place);
  const axes = threeAxes(layout.shape);
  if (axes === undefined || !NUMBERS.test(layout.type)) return undefined;
  const shape = axes.map((axis) => layout.shape[axis]!) as unknown as Zyx;
  return { place, names, layout, shape, axes };
}

/** Axes of length 1 beyond three are left out: leading ones, then trailing ones. */
function threeAxes(shape: readonly number[]): Zyx | undefined {
  const axes = shape.map((_, axis) => axis);
  while (axes.length > 3 && shape[axes[0]!] === 1) axes.shift();
  while (axes.length > 3 && shape[axes.at(-1)!] === 1) axes.pop();
  if (axes.length !== 3 || axes.some((axis) => shape[axis]! < 1)) return undefined;
  return axes as unknown as Zyx;
}

const SHOWN = 12;

/** Data sets with their shapes and types, for messages. */
export function listDatasets(
  all: readonly { readonly names: readonly string[]; readonly layout: Hdf5Layout }[],
): string {
  if (all.length === 0) return "none";
  const shown = all
    .slice(0, SHOWN)
    .map(({ names, layout }) => `${names[0]} [${layout.shape}] ${layout.type}`);
  return shown.join(", ") + (all.length > SHOWN ? ` and ${all.length - SHOWN} more` : "");
}
