import { CorruptData, UnsupportedFormat } from "../../../domain/errors.ts";
import type { SourceSpec } from "../source.ts";
import { checkSpacing } from "../voxel-size/spacing-check.ts";
import { show } from "./zarr-fields.ts";
import { toDocument } from "./zarr-node.ts";

/** Position of voxel i along an axis: `i · scale + translation`, in the axis' unit. */
export interface Transform {
  readonly scale: readonly number[];
  readonly translation: readonly number[];
}

/**
 * The transformations of a data set, followed by those of its multiscale; undefined when there are
 * none, or none that make sense where the user says so. `CorruptData` for sizes of voxels that are not
 * above 0.
 *
 * @param lists of `coordinateTransformations`, in the order in which they apply
 */
export function readTransform(
  lists: readonly unknown[],
  rank: number,
  spec: Pick<SourceSpec, "voxelSizeOverrides">,
  subject: string,
): Transform | undefined {
  const all = lists.flatMap((list) => {
    if (list === undefined) return [];
    if (Array.isArray(list)) return (list as unknown[]).map(toDocument);
    throw new CorruptData(`${subject} has the transformations ${show(list)}, expected a list`);
  });
  if (all.length === 0) return undefined;
  let scale = Array.from({ length: rank }, () => 1);
  let translation = Array.from({ length: rank }, () => 0);

  function readVector(value: unknown, type: string): readonly number[] {
    if (Array.isArray(value) && value.length === rank && value.every(Number.isFinite)) {
      return value as number[];
    }
    throw new CorruptData(`${subject} has the ${type} ${show(value)}, expected ${rank} numbers`);
  }

  for (const transformation of all) {
    const { type, path } = transformation;
    if (type === "identity") continue;
    if ((type !== "scale" && type !== "translation") || path !== undefined) {
      throw new UnsupportedFormat(
        `${subject} has the transformation ${show(transformation)}; scale and translation, as lists of numbers, are read`,
      );
    }
    const vector = readVector(transformation[type], type);
    if (type === "translation") translation = translation.map((t, i) => t + vector[i]!);
    else {
      scale = scale.map((s, i) => s * vector[i]!);
      translation = translation.map((t, i) => t * vector[i]!);
    }
  }
  const right = scale.every((s) => s > 0 && Number.isFinite(s));
  checkSpacing(right ? undefined : `the scale [${scale}]`, spec, subject);
  return right ? { scale, translation } : undefined;
}
