import { InvalidInput } from "../errors.ts";
import { createRandom } from "../random.ts";
import type { Container } from "./container.ts";
import { drawBubbles, drawSpecks } from "./draw-balls.ts";
import type { FishPose } from "./fish-body.ts";
import { PHANTOM_PRESETS, type PhantomPresetName, type Span } from "./presets.ts";
import { placeFish } from "./place-fish.ts";

/** What names a phantom: equal requests give equal bytes. */
export interface PhantomRequest {
  readonly preset: PhantomPresetName;
  /** Voxels per axis, 16 to 512. */
  readonly size: number;
  /** A whole number, 0 to 2³²−1. */
  readonly seed: number;
}

export interface Acquisition {
  readonly angles: number;
  readonly columns: number;
  /** −ln of the transmission per voxel of water. */
  readonly attenuation: number;
  readonly photons: number;
  readonly columnGain: number;
  readonly phaseEdge: number;
  readonly drift: number;
  readonly jitter: number;
  readonly axisError: number;
}

/** Everything that is drawn before a voxel is painted. Plain JSON. */
export interface PhantomPlan {
  readonly request: PhantomRequest;
  readonly pose: FishPose;
  readonly contrast: number;
  readonly tissueTexture: number;
  readonly hasYolk: boolean;
  readonly container: Container;
  readonly acquisition: Acquisition;
}

/** Columns of the detector beyond the scan on each side, so that a drifting tube stays in view. */
const DETECTOR_MARGIN = 4;

/**
 * Draw a phantom: the specimen clear of wall, plug and surface, its box within the preset's
 * `boxFraction`. Throws `InvalidInput` for an unknown preset, a size or a seed out of range.
 */
export function planPhantom(request: PhantomRequest): PhantomPlan {
  checkRequest(request);
  const preset = PHANTOM_PRESETS[request.preset];
  const { size, seed } = request;
  const random = createRandom(seed, "plan");
  const draw = ([lo, hi]: Span) => random.uniform(lo, hi);
  const scale = size / 128;
  const outerRadius = draw(preset.tubeRadius) * size;
  const innerRadius = outerRadius - Math.max(1.2, draw(preset.wallThickness) * scale);
  const mediumMu = draw(preset.mediumMu);
  const middle = (size - 1) / 2;
  const room = {
    axis: [
      middle + draw(preset.tubeShift) * scale,
      middle + draw(preset.tubeShift) * scale,
    ] as const,
    slope: [draw(preset.tubeSlope), draw(preset.tubeSlope)] as const,
    outerRadius,
    innerRadius,
    surface: size * (1 - draw(preset.airGap)),
    surfaceSlope: [0.04 * random.normal(), 0.04 * random.normal()] as const,
    meniscus: random.uniform(2, 5) * scale,
    plug: draw(preset.plugHeight) * size,
  };
  const wallMu = draw(preset.wallMu);
  const contrast = draw(preset.contrast);
  const hasYolk = random.next() < 0.5;
  const acquisition: Acquisition = {
    angles: Math.round(preset.projectionsPerColumn * size),
    columns: size + 2 * DETECTOR_MARGIN,
    attenuation: preset.opacity / (2 * outerRadius * mediumMu),
    photons: draw(preset.photons),
    columnGain: preset.columnGain,
    phaseEdge: draw(preset.phaseEdge),
    drift: draw(preset.drift),
    jitter: preset.jitter,
    axisError: draw(preset.axisError),
  };
  return {
    request: { preset: request.preset, size, seed },
    pose: placeFish(preset, size, room, createRandom(seed, "pose")),
    contrast,
    tissueTexture: preset.tissueTexture,
    hasYolk,
    container: {
      ...room,
      wallMu,
      mediumMu,
      mediumTexture: preset.mediumTexture,
      plugMu: 1.25,
      bubbles: drawBubbles(createRandom(seed, "bubbles"), preset.bubbles, size, room),
      specks: drawSpecks(createRandom(seed, "specks"), preset, size, room),
    },
    acquisition,
  };
}

function checkRequest({ preset, size, seed }: PhantomRequest): void {
  if (!Object.hasOwn(PHANTOM_PRESETS, preset)) {
    const names = Object.keys(PHANTOM_PRESETS).join(", ");
    throw new InvalidInput(`preset must be one of ${names}, got ${JSON.stringify(preset)}`);
  }
  if (!Number.isInteger(size) || size < 16 || size > 512) {
    throw new InvalidInput(`size must be a whole number from 16 to 512, got ${size}`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new InvalidInput(`seed must be a whole number from 0 to 4294967295, got ${seed}`);
  }
}
