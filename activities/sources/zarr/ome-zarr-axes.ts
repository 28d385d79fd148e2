import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import { lengthOfUnit } from "./ome-zarr-units.ts";
import type { ZarrArray } from "./zarr-array.ts";
import { show } from "./zarr-fields.ts";
import { toDocument } from "./zarr-node.ts";
import type { SpaceAxes } from "./zarr-planes.ts";

export interface OmeAxis {
  readonly name: string;
  readonly space: boolean;
  /** Micrometres per unit; undefined when no unit of length is named. */
  readonly micrometres: number | undefined;
}

/** Before OME-Zarr 0.3 axes had no names. */
const FIRST_AXES = ["t", "c", "z", "y", "x"];
const SPACE = ["z", "y", "x"];

/**
 * The axes of a multiscale, of OME-Zarr 0.1 to 0.5. `CorruptData` when they contradict the array.
 */
export function readAxes(value: unknown, array: ZarrArray, subject: string): readonly OmeAxis[] {
  const rank = array.shape.length;
  const axes: unknown = value ?? (rank === FIRST_AXES.length ? FIRST_AXES : undefined);
  if (!Array.isArray(axes) || axes.length !== rank) {
    throw new CorruptData(
      `${subject} has ${rank} axes, shape [${array.shape}], but its image says ${show(value)}`,
    );
  }
  const read = axes.map((axis: unknown): OmeAxis => {
    const { name, type, unit } = typeof axis === "string" ? { name: axis } : toDocument(axis);
    if (typeof name !== "string") {
      throw new CorruptData(`${subject} has the axis ${show(axis)}, expected one with a name`);
    }
    const space = type === undefined ? SPACE.includes(name.toLowerCase()) : type === "space";
    return { name, space, micrometres: lengthOfUnit(unit) };
  });
  const contradicted = array.dimensionNames?.findIndex(
    (name, i) => name !== null && name !== read[i]!.name,
  );
  if (contradicted === undefined || contradicted < 0) return read;
  throw new CorruptData(
    `${subject} has the axes ${read.map(({ name }) => name).join(", ")} by its image, but ${array.dimensionNames!.join(", ")} by its own dimension_names`,
  );
}

/** The axes of an array without a multiscale, by the names of its dimensions; three without names are z, y, x. */
export function plainAxes(array: ZarrArray, subject: string): readonly OmeAxis[] {
  const { shape } = array;
  const names = array.dimensionNames?.map((name) => name?.toLowerCase() ?? "");
  const telling = names?.some((name) => FIRST_AXES.includes(name)) ?? false;
  if (!telling && shape.length !== 3) {
    throw new UnsupportedFormat(
      `${subject} has ${shape.length} axes, shape [${shape}], that are not called z, y, x; expected 3`,
    );
  }
  return (telling ? names! : SPACE).map((name) => ({
    name,
    space: SPACE.includes(name),
    micrometres: undefined,
  }));
}

/**
 * Which axes are z, y and x. `UnsupportedFormat` for any other order of them, for images of two
 * dimensions, and for another axis with more than one entry.
 */
export function findSpace(axes: readonly OmeAxis[], array: ZarrArray, subject: string): SpaceAxes {
  const { shape } = array;
  for (const [i, { name, space }] of axes.entries()) {
    if (space || shape[i] === 1) continue;
    throw new UnsupportedFormat(
      `${subject} has ${shape[i]} entries along its axis ${name}, expected 1: only one volume is read`,
    );
  }
  const space = axes.flatMap((axis, i) => (axis.space ? [i] : []));
  const names = space.map((i) => axes[i]!.name);
  if (space.length === 2) {
    throw new UnsupportedFormat(`${subject} is an image of two dimensions, expected z, y, x`);
  }
  if (space.length !== 3 || names.join().toLowerCase() !== SPACE.join()) {
    throw new UnsupportedFormat(
      `${subject} has the axes of space ${names.join(", ") || "(none)"}, expected z, y, x in this order`,
    );
  }
  return space as unknown as SpaceAxes;
}
