import type { Random } from "../random.ts";
import type { FishPose } from "./fish-body.ts";
import type { PhantomPreset, Span } from "./presets.ts";

/**
 * Draw how a fish lies, about the origin. `ease`, up to 1, makes it smaller, straighter and more
 * upright.
 */
export function drawFishPose(
  preset: PhantomPreset,
  size: number,
  ease: number,
  random: Random,
): FishPose {
  const draw = ([lo, hi]: Span) => random.uniform(lo, hi);
  return {
    kind: "fish",
    centre: [0, 0, 0],
    length: draw(preset.bodyLength) * size * ease,
    halfWidths: [
      (24 / 128) * size * draw(preset.bodyGirth) * ease,
      (31 / 128) * size * draw(preset.bodyGirth) * ease,
    ],
    tilt: draw(preset.bodyTilt) * ease,
    azimuth: random.uniform(0, 360),
    roll: random.uniform(0, 360),
    head: random.next() < 0.5 ? "up" : "down",
    bend: [draw(preset.bodyBend) * ease, 0.04 * random.normal() * ease, 0.02 * random.normal()],
  };
}
