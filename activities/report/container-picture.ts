import { PNG } from "pngjs";
import { AXES, type Axis, type Grid, type Mask } from "../../domain/volumes/shape.ts";
import { percentiles } from "../../domain/volumes/statistics.ts";

/** How strongly and in which colour what is masked is tinted. */
const TINT = 0.5;
const COLOUR = [224, 72, 40] as const;

/**
 * What was masked, for the eye: the slices through the middle of the working level across z, y and
 * x (`[y, x]`, `[z, x]`, `[z, y]`), as PNG data URIs in which everything that is not valid is
 * orange.
 *
 * @param valid - of the view, `bin` voxels of the level per voxel
 */
export function containerPicture(
  { shape, data }: Grid,
  valid: Mask,
  bin: number,
): readonly [string, string, string] {
  const [, y, x] = shape;
  const [, vy, vx] = valid.shape;
  const [lo = 0, hi = 0] = percentiles(data, [0.005, 0.995]);
  const scale = hi > lo ? 255 / (hi - lo) : 0;
  const draw = (axis: Axis): string => {
    const [rows, columns] = AXES.filter((other) => other !== axis) as [Axis, Axis];
    const [height, width] = [shape[rows], shape[columns]];
    const png = new PNG({ width, height, ...RGB });
    png.data = Buffer.alloc(3 * width * height);
    const at = shape.map((n) => n >> 1) as [number, number, number];
    for (let row = 0, to = 0; row < height; row++) {
      for (let column = 0; column < width; column++, to += 3) {
        at[rows] = row;
        at[columns] = column;
        const grey = Math.min(
          255,
          Math.max(0, (data[(at[0] * y + at[1]) * x + at[2]]! - lo) * scale),
        );
        const [vk, vj, vi] = at.map((i) => Math.floor(i / bin)) as [number, number, number];
        const tint = valid.data[(vk * vy + vj) * vx + vi] === 1 ? 0 : TINT;
        COLOUR.forEach((colour, channel) => {
          png.data[to + channel] = Math.round(grey * (1 - tint) + colour * tint);
        });
      }
    }
    return `data:image/png;base64,${PNG.sync.write(png, RGB).toString("base64")}`;
  };
  return [draw(0), draw(1), draw(2)];
}

const RGB = { colorType: 2, inputColorType: 2, inputHasAlpha: false } as const;
