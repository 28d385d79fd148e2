import { basename } from "node:path";
import { InvalidInput } from "../../../domain/errors.ts";
import { AXES, AXIS_NAMES, type Zyx } from "../../../domain/volumes/shape.ts";
import type { ScanSource, SourceSpec } from "../source.ts";
import { assumedAxes } from "./voxel-size-assumed.ts";

/** The size of a scan's voxels and who says so. */
export interface ResolvedVoxelSize {
  /** Micrometres along z, y, x. */
  readonly voxelSizeUm: Zyx;
  /** `unknown`: nobody says it; 1 µm is written, as viewers assume. */
  readonly from: "file" | "user" | "unknown";
  /** Axes of the file's that are guesses: of another axis, of a unit that is not named. */
  readonly assumed: readonly ("z" | "y" | "x")[];
  /** What the file says and the user overrules. */
  readonly overruledUm?: Zyx;
}

const UNKNOWN: Zyx = [1, 1, 1];

/** Headers hold rounded numbers: a difference of up to 0.1 % is none. */
const TOLERANCE = 1e-3;

/**
 * The size of voxels out of what the file says and what the user says: the file's where the user
 * says nothing, the user's where the file says nothing or only guesses. `InvalidInput` names both
 * where they differ by more than 0.1 %, unless the user says that the file is wrong
 * (`voxelSizeOverrides`).
 */
export function resolveVoxelSize(
  spec: Pick<SourceSpec, "scan" | "voxelSizeUm" | "voxelSizeOverrides">,
  source: Pick<ScanSource, "voxelSizeUm" | "origin" | "files">,
): ResolvedVoxelSize {
  const { scan, voxelSizeUm: said, voxelSizeOverrides: overrides = false } = spec;
  const { voxelSizeUm: found, origin, files } = source;
  const assumed = assumedAxes(origin);
  if (said === undefined) {
    if (overrides) {
      throw new InvalidInput(
        `${scan}: voxelSizeOverrides needs the size to take instead, in voxelSizeUm`,
      );
    }
    if (found === undefined) return { voxelSizeUm: UNKNOWN, from: "unknown", assumed: [] };
    return { voxelSizeUm: found, from: "file", assumed };
  }
  const user = said as Zyx;
  if (found === undefined) return { voxelSizeUm: user, from: "user", assumed: [] };
  const differs = AXES.filter((axis) => {
    const known = !assumed.includes(AXIS_NAMES[axis]);
    return known && Math.abs(user[axis] - found[axis]) > TOLERANCE * found[axis];
  });
  if (differs.length > 0 && !overrides) {
    throw new InvalidInput(
      `${scan}: ${basename(files[0] ?? "the file")} has voxels of [${found.join(", ")}] µm along z, y, x, voxelSizeUm says [${user.join(", ")}]; leave voxelSizeUm out, or set voxelSizeOverrides if the file is wrong`,
    );
  }
  const same = AXES.every((axis) => Math.abs(user[axis] - found[axis]) <= TOLERANCE * found[axis]);
  return {
    voxelSizeUm: user,
    from: "user",
    assumed: [],
    ...(same ? {} : { overruledUm: found }),
  };
}
