import type { Plane } from "../pretexts/plane.ts";
import type { Random } from "../random.ts";
import type { AffineMap } from "./affine-map.ts";
import type { AugmentationConfig } from "./augmentation-config.ts";
import { elasticField } from "./elastic-field.ts";
import { gridDistortion } from "./grid-distortion.ts";
import { happens } from "./happens.ts";
import { warpPlane } from "./warp-plane.ts";

/** Takes images `[size, size]` from planes, with whatever grid and elastic deformation is drawn. */
export function createWarper(
  { grid, elastic }: Pick<AugmentationConfig, "grid" | "elastic">,
  size: number,
): (plane: Plane, map: AffineMap, random: Random, image: Float32Array) => void {
  const straight = Float64Array.from({ length: size }, (_, i) => i - (size - 1) / 2);
  const field = {
    down: new Float32Array(size * size),
    right: new Float32Array(size * size),
  };
  return (plane, map, random, image) => {
    const deformed = happens(grid, random);
    const line = () =>
      deformed ? gridDistortion(size, grid.cells, grid.amount, random) : straight;
    const [down, right] = [line(), line()];
    if (!happens(elastic, random)) return warpPlane(plane, map, { down, right }, image);
    const amount = random.uniform(...elastic.amount) * size;
    elasticField(size, elastic.spacing * size, amount, random, field.down);
    elasticField(size, elastic.spacing * size, amount, random, field.right);
    warpPlane(plane, map, { down, right, field }, image);
  };
}
