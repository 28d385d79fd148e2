import type { Random } from "../random.ts";
import { WHOLE } from "./affine-map.ts";
import type { Motion, Part } from "./affine-map.ts";
import type { AffineOptions, CropOptions } from "./augmentation-config.ts";
import { happens } from "./happens.ts";

/** Draw a motion for an image of `size²` pixels. */
export function drawMotion(
  affine: AffineOptions | undefined,
  crop: CropOptions | undefined,
  size: number,
  random: Random,
): Motion {
  const part = happens(crop, random) ? drawPart(crop, size, random) : WHOLE;
  if (!happens(affine, random)) {
    return { angle: 0, zoom: 1, mirrored: false, down: 0, right: 0, part };
  }
  const shift = affine.shift * size;
  return {
    angle: (random.uniform(...affine.angle) * Math.PI) / 180,
    zoom: random.uniform(...affine.zoom),
    mirrored: random.next() < affine.mirror,
    down: random.uniform(-shift, shift),
    right: random.uniform(-shift, shift),
    part,
  };
}

/**
 * A part that lies within the image. Of an aspect that does not fit, the longer side is the whole
 * side (torchvision draws again, which leads to the same for large areas).
 */
function drawPart({ area, aspect }: CropOptions, size: number, random: Random): Part {
  const share = random.uniform(...area);
  const ratio = Math.exp(random.uniform(Math.log(aspect[0]), Math.log(aspect[1])));
  const height = Math.min(1, Math.sqrt(share / ratio));
  const width = Math.min(1, Math.sqrt(share * ratio));
  const place = (side: number) => random.uniform(-0.5, 0.5) * (1 - side) * size;
  return { height, width, down: place(height), right: place(width) };
}
