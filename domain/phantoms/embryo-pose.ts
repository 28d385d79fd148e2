import type { Random } from "../random.ts";
import type { EmbryoPose } from "./embryo-body.ts";

/** Draw how an embryo lies, about the origin: any way round. `ease`, up to 1, makes it smaller. */
export function drawEmbryoPose(size: number, ease: number, random: Random): EmbryoPose {
  return {
    kind: "embryo",
    centre: [0, 0, 0],
    length: random.uniform(0.5, 0.74) * size * ease,
    girth: random.uniform(0.9, 1.15),
    yolk: random.uniform(0.16, 0.22),
    tilt: random.uniform(0, 60) * ease,
    azimuth: random.uniform(0, 360),
    roll: random.uniform(0, 360),
    head: random.next() < 0.5 ? "up" : "down",
  };
}
