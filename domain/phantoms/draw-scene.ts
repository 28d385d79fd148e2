import type { Random } from "../random.ts";
import type { Tube } from "./draw-container.ts";
import type { PhantomPreset, Span } from "./presets.ts";
import type { Staining } from "./tissue.ts";

/** What a preset says of any phantom, whatever its container and case. */
export interface Scene {
  readonly tube: Tube;
  readonly staining: Staining;
  readonly photons: number;
  readonly phaseEdge: number;
  readonly drift: number;
  readonly axisError: number;
}

/** Draw it. The order of the draws fixes the bytes of every phantom there is. */
export function drawScene(preset: PhantomPreset, size: number, random: Random): Scene {
  const draw = ([lo, hi]: Span) => random.uniform(lo, hi);
  const scale = size / 128;
  const outerRadius = draw(preset.tubeRadius) * size;
  const innerRadius = outerRadius - Math.max(1.2, draw(preset.wallThickness) * scale);
  const mediumMu = draw(preset.mediumMu);
  const middle = (size - 1) / 2;
  const place = {
    axis: [
      middle + draw(preset.tubeShift) * scale,
      middle + draw(preset.tubeShift) * scale,
    ] as const,
    slope: [draw(preset.tubeSlope), draw(preset.tubeSlope)] as const,
    surface: size * (1 - draw(preset.airGap)),
    surfaceSlope: [0.04 * random.normal(), 0.04 * random.normal()] as const,
    meniscus: random.uniform(2, 5) * scale,
    plug: draw(preset.plugHeight) * size,
  };
  const wallMu = draw(preset.wallMu);
  return {
    tube: {
      ...place,
      outerRadius,
      innerRadius,
      wallMu,
      mediumMu,
      mediumTexture: preset.mediumTexture,
      plugMu: 1.25,
    },
    staining: { mediumMu, contrast: draw(preset.contrast), hasYolk: random.next() < 0.5 },
    photons: draw(preset.photons),
    phaseEdge: draw(preset.phaseEdge),
    drift: draw(preset.drift),
    axisError: draw(preset.axisError),
  };
}
