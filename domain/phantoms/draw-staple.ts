import type { Random } from "../random.ts";
import type { Zyx } from "../volumes/shape.ts";
import type { Clearance } from "./seat.ts";
import { skinSpan } from "./skin-bounds.ts";
import type { Specimen } from "./specimen.ts";
import type { Staple } from "./staple.ts";

/** Steel against water at 30 keV: about 64 to 0.38 per centimetre. */
const STEEL = 170;
const TRIES = 400;
/** Voxels at least between metal and specimen, and metal and wall. */
const APART = 2.5;

/**
 * Draw a staple at the height of the specimens, in the room but clear of them; without specimens,
 * anywhere about the middle. Each failed try makes the next a little smaller.
 */
export function drawStaple(
  specimens: readonly Specimen[],
  size: number,
  clearance: Clearance,
  random: Random,
): Staple {
  const skin = specimens.flatMap((specimen) => specimen.skin);
  const [lo, hi] = skin.length > 0 ? skinSpan(skin, 0) : [0.3 * size, 0.7 * size];
  const radius = Math.max(0.7, (1.1 * size) / 128);
  for (let attempt = 0; ; attempt++) {
    const ease = Math.max(0.05, 1 - attempt / TRIES);
    const crown = random.uniform(0.1, 0.17) * size * ease;
    const leg = random.uniform(0.05, 0.09) * size * ease;
    const [u, v] = crossing(random);
    const place = (): number => size * (0.5 + random.uniform(-0.4, 0.4));
    const at: Zyx = [random.uniform(Math.max(0, lo), Math.min(size, hi)), place(), place()];
    const corner = (along: number, down: number) =>
      at.map((c, k) => c + along * u[k]! + down * v[k]!) as unknown as Zyx;
    const corners = [
      corner(-crown / 2, leg),
      corner(-crown / 2, 0),
      corner(crown / 2, 0),
      corner(crown / 2, leg),
    ] as const;
    const staple = { corners, radius, mu: STEEL };
    if (attempt >= 2 * TRIES || isClear(staple, specimens, clearance)) return staple;
  }
}

function isClear(
  { corners, radius }: Staple,
  specimens: readonly Specimen[],
  clearance: Clearance,
): boolean {
  for (let i = 0; i < 3; i++) {
    for (let f = 0; f <= 1; f += 0.125) {
      const [z, y, x] = corners[i]!.map((c, k) => c + f * (corners[i + 1]![k]! - c)) as [
        number,
        number,
        number,
      ];
      if (clearance(z, y, x) < radius + APART) return false;
      if (specimens.some(({ depth }) => depth(z, y, x) > -radius - APART)) return false;
    }
  }
  return true;
}

/** Two unit vectors at a right angle, drawn evenly. */
function crossing(random: Random): readonly [Zyx, Zyx] {
  const unit = (v: Zyx): Zyx => {
    const length = Math.hypot(...v);
    return [v[0] / length, v[1] / length, v[2] / length];
  };
  const u = unit([random.normal(), random.normal(), random.normal()]);
  const w = unit([random.normal(), random.normal(), random.normal()]);
  const dot = u[0] * w[0] + u[1] * w[1] + u[2] * w[2];
  return [u, unit([w[0] - dot * u[0], w[1] - dot * u[1], w[2] - dot * u[2]])];
}
