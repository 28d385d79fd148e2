import { isDomainError } from "../../../domain/errors.ts";
import { AXES, AXIS_NAMES, type Zyx } from "../../../domain/volumes/shape.ts";
import type { Hdf5Volume } from "./hdf5-volume.ts";
import type { Hdf5Library, Hdf5Place } from "./hdf5-library.ts";
import type { Hdf5Tree } from "./hdf5-links.ts";
import type { Hdf5Value } from "./hdf5-values.ts";
import { micrometresPer } from "../voxel-size/voxel-size-units.ts";

/** The size of voxels as far as a file says it. */
export interface FoundVoxelSize {
  readonly voxelSizeUm: Zyx;
  /** Axes whose size is taken from another one's, or from the detector's pixels. */
  readonly assumed: readonly ("z" | "y" | "x")[];
  /** The path of the attribute or data set that says it. */
  readonly from: string;
}

/** Names of sizes along z, y and x, and of one size for all. */
const PER_AXIS = [
  ["z_pixel_size", "y_pixel_size", "x_pixel_size"],
  ["z_voxel_size", "y_voxel_size", "x_voxel_size"],
  ["pixel_size_z", "pixel_size_y", "pixel_size_x"],
  ["voxel_size_z", "voxel_size_y", "voxel_size_x"],
] as const;
const FOR_ALL = ["voxel_size", "pixel_size", "voxelSize", "pixelSize", "actual_pixel_size"];
/** Names that carry their unit: micrometres, centimetres, … */
const SUFFIXES = ["um", "mm", "cm", "m", "nm"];

/**
 * Look for the size of voxels: the data set's own attributes, the axes of its NXdata group, then
 * data sets and attributes in its groups from the inside out, in their sample and detector, and in
 * Data Exchange's `/measurement`. A length without a unit is not known. The pixels of a detector
 * are divided by its magnification, and remain a guess.
 */
export function findVoxelSize(
  library: Hdf5Library,
  tree: Hdf5Tree,
  volume: Hdf5Volume,
): FoundVoxelSize | undefined {
  const own = fromAttributes(volume.place, volume.names[0]!);
  if (own !== undefined) return own;
  const folders = [...new Set(volume.names.flatMap(ancestors))];
  folders.sort((a, b) => b.length - a.length);
  for (const folder of folders) {
    const group = at(folder);
    const axes = group === undefined ? undefined : fromAxes(group, folder);
    if (axes !== undefined) return axes;
  }
  for (const folder of folders) {
    for (const inside of [folder, `${folder}/sample`]) {
      const found = fromGroup(inside, false);
      if (found !== undefined) return found;
    }
  }
  for (const folder of [...folders, "/measurement"]) {
    for (const inside of ["instrument/detector", "instrument/detection_system/detector"]) {
      const found = fromGroup(`${folder}/${inside}`, true);
      if (found !== undefined) return found;
    }
  }
  return undefined;

  function at(path: string): Hdf5Place | undefined {
    try {
      return tree.resolve(path);
    } catch (error) {
      if (isDomainError(error)) return undefined;
      throw error;
    }
  }

  function fromAttributes(place: Hdf5Place, path: string): FoundVoxelSize | undefined {
    const read = (name: string) => library.attribute(place, name);
    // ilastik's and the Fiji plug-in's, along z, y, x.
    const named = sizes(read("element_size_um"), 1);
    if (named !== undefined)
      return { voxelSizeUm: named, assumed: [], from: `${path}@element_size_um` };
    const unit = (name: string) => read(`${name}_units`) ?? read(`${name}_unit`) ?? read("units");
    return lookUp((name) => [read(name), micrometresPer(text(unit(name)))], `${path}@`, false);
  }

  function fromGroup(path: string, detector: boolean): FoundVoxelSize | undefined {
    const group = at(path);
    if (group === undefined || library.kind(group) !== "group") return undefined;
    const names = library.names(group);
    const found = lookUp(
      (name) => {
        const place = names.includes(name) ? at(`${path}/${name}`) : undefined;
        if (place === undefined || library.kind(place) !== "dataset") return [undefined, undefined];
        const unit = library.attribute(place, "units") ?? library.attribute(place, "unit");
        return [library.value(place), micrometresPer(text(unit))];
      },
      `${path}/`,
      detector,
    );
    if (found === undefined) return fromAttributes(group, path);
    if (!detector) return found;
    const scope = names.includes("magnification") ? at(`${path}/magnification`) : undefined;
    const factor = scope === undefined ? undefined : number(library.value(scope));
    if (factor === undefined || !(factor > 0)) return found;
    return {
      ...found,
      voxelSizeUm: found.voxelSizeUm.map((um) => rounded(um / factor)) as unknown as Zyx,
    };
  }

  /** @param read the value of that name, and micrometres per unit */
  function lookUp(
    read: (name: string) => readonly [Hdf5Value | undefined, number | undefined],
    path: string,
    detector: boolean,
  ): FoundVoxelSize | undefined {
    for (const names of PER_AXIS) {
      const found = names.map((name) => {
        const [value, unit] = read(name);
        return unit === undefined ? undefined : sizes(value, unit)?.[0];
      });
      const y = found[1] ?? found[2];
      const x = found[2] ?? found[1];
      if (x === undefined || y === undefined) continue;
      const z = found[0] ?? (x === y ? x : undefined);
      if (z === undefined) continue;
      const assumed = AXES.filter((axis) => detector || found[axis] === undefined);
      return {
        voxelSizeUm: [z, y, x],
        assumed: assumed.map((axis) => AXIS_NAMES[axis]),
        from: path + names[2],
      };
    }
    const suffixed = FOR_ALL.flatMap((name) => SUFFIXES.map((unit) => [name, unit] as const));
    for (const [name, suffix] of [...FOR_ALL.map((name) => [name, ""] as const), ...suffixed]) {
      const key = suffix === "" ? name : `${name}_${suffix}`;
      const [value, unit] = read(key);
      const factor = suffix === "" ? unit : micrometresPer(suffix);
      const found = factor === undefined ? undefined : sizes(value, factor);
      if (found !== undefined) {
        // A pixel is flat: that voxels are cubes is a guess.
        const flat = key.includes("ixel") && found[0] === found[1] ? (["z"] as const) : [];
        return { voxelSizeUm: found, assumed: detector ? AXIS_NAMES : flat, from: path + key };
      }
    }
    return undefined;
  }

  /** The distance of an NXdata group's coordinates along each axis. */
  function fromAxes(group: Hdf5Place, path: string): FoundVoxelSize | undefined {
    const axes = library.kind(group) === "group" ? library.attribute(group, "axes") : undefined;
    if (!Array.isArray(axes) || axes.length !== volume.layout.shape.length) return undefined;
    const found = volume.axes.map((axis, i) => {
      const name = String(axes[axis]);
      const place = name === "." || name === "" ? undefined : at(`${path}/${name}`);
      if (place === undefined || library.kind(place) !== "dataset") return undefined;
      const unit = micrometresPer(text(library.attribute(place, "units")));
      const values = library.value(place);
      if (unit === undefined || !Array.isArray(values)) return undefined;
      return spacing(values as readonly (string | number)[], volume.shape[i]!, unit);
    });
    if (found.some((um) => um === undefined)) return undefined;
    return { voxelSizeUm: found as unknown as Zyx, assumed: [], from: `${path}@axes` };
  }
}

/** The step of evenly spaced coordinates; undefined when they are not. */
function spacing(values: readonly (string | number)[], count: number, unit: number) {
  const [first, last] = [Number(values[0]), Number(values.at(-1))];
  const step = (last - first) / (values.length - 1);
  if (values.length !== count || !Number.isFinite(step) || step === 0) return undefined;
  const even = values.every(
    (v, i) => Math.abs(Number(v) - first - i * step) <= 0.01 * Math.abs(step),
  );
  return even ? rounded(Math.abs(step) * unit) : undefined;
}

/** One positive number for all axes, or three along z, y, x. */
function sizes(value: Hdf5Value | undefined, unit: number): Zyx | undefined {
  const list = (Array.isArray(value) ? value : [value]).map((v) => rounded(Number(v) * unit));
  const all = list.length === 1 ? [list[0]!, list[0]!, list[0]!] : list;
  const right = all.length === 3 && all.every((um) => um > 0 && Number.isFinite(um));
  return right ? (all as unknown as Zyx) : undefined;
}

const rounded = (um: number) => Number(um.toPrecision(7));

const number = (value: Hdf5Value | undefined) =>
  Number(Array.isArray(value) ? value[0] : (value ?? NaN));

const text = (value: Hdf5Value | undefined) =>
  Array.isArray(value) ? String(value[0] ?? "") : String(value ?? "");

/** The groups that a path lies in, the root as "". */
function ancestors(path: string): string[] {
  const parts = path.split("/").slice(1, -1);
  return parts.map((_, i) => `/${parts.slice(0, i + 1).join("/")}`).concat("");
}
