import type { Random } from "../random.ts";
import type { Ring } from "./add-rings.ts";
import type { Streak } from "./add-streaks.ts";
import type { CutoutOptions, RingOptions, StreakOptions } from "./augmentation-config.ts";
import type { Rectangle } from "./cut-out.ts";

/** Draw a ring of any radius within the slice. @param scale - pixels of the plane per image pixel */
export function drawRing(
  { amount, width }: RingOptions,
  size: number,
  scale: number,
  random: Random,
): Ring {
  return {
    radius: random.uniform(0, size / 2) * scale,
    width: random.uniform(...width) * scale,
    amount: eitherSign(random.uniform(...amount), random),
  };
}

/** Draw a streak of any direction. */
export function drawStreak({ amount, width }: StreakOptions, random: Random): Streak {
  return {
    angle: random.uniform(0, Math.PI),
    width: random.uniform(...width),
    amount: eitherSign(random.uniform(...amount), random),
  };
}

/** Draw a rectangle that lies within the image. */
export function drawHole({ size: sides }: CutoutOptions, size: number, random: Random): Rectangle {
  const interval = () => {
    const side = Math.round(random.uniform(...sides) * size);
    const lo = random.int(size - side + 1);
    return [lo, lo + side] as const;
  };
  return { rows: interval(), columns: interval() };
}

function eitherSign(value: number, random: Random): number {
  return random.next() < 0.5 ? -value : value;
}
