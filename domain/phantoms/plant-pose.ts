import type { Random } from "../random.ts";
import type { PlantPose } from "./plant-body.ts";

/** Radians from one leaf to the next around the stem. */
const GOLDEN = Math.PI * (3 - Math.sqrt(5));

/** Draw a plant about the origin, tip up. `ease`, up to 1, makes it smaller and more upright. */
export function drawPlantPose(size: number, ease: number, random: Random): PlantPose {
  const count = 4 + random.int(4);
  const turn = random.uniform(0, 2 * Math.PI);
  return {
    kind: "plant",
    centre: [0, 0, 0],
    length: random.uniform(0.62, 0.86) * size * ease,
    stem: random.uniform(0.07, 0.1),
    bend: [0.08 * random.normal() * ease, 0.08 * random.normal() * ease],
    bundles: 5 + random.int(3),
    leaves: Array.from({ length: count }, (_, i) => ({
      height: 0.22 + (0.6 * (i + random.uniform(0, 0.6))) / count,
      azimuth: turn + GOLDEN * i + random.uniform(-0.3, 0.3),
      angle: random.uniform(0.45, 1),
      length: random.uniform(0.2, 0.34),
      width: random.uniform(0.08, 0.14),
      curl: random.uniform(0.1, 0.5),
      cup: random.uniform(0.1, 0.7),
    })),
    shoots: Array.from({ length: 1 + random.int(3) }, () => ({
      height: random.uniform(0.3, 0.75),
      azimuth: random.uniform(0, 2 * Math.PI),
      angle: random.uniform(0.5, 0.9),
      length: random.uniform(0.14, 0.26),
    })),
    tilt: random.uniform(0, 20) * ease,
    azimuth: random.uniform(0, 360),
    roll: random.uniform(0, 360),
    head: "up",
  };
}
