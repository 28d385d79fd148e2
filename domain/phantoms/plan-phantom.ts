import { InvalidInput } from "../errors.ts";
import { createRandom, type Random } from "../random.ts";
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

/** Tube, medium and what else is in it. Lengths and places in voxels, μ relative to water. */
export interface Container {
  /** Where the tube's axis crosses the middle slice. */
  readonly axis: readonly [y: number, x: number];
  /** How far the axis moves per slice. */
  readonly slope: readonly [y: number, x: number];
  readonly outerRadius: number;
  readonly innerRadius: number;
  readonly wallMu: number;
  readonly mediumMu: number;
  readonly mediumTexture: number;
  /** Height of the medium's surface on the axis; air above. */
  readonly surface: number;
  readonly surfaceSlope: readonly [y: number, x: number];
  /** How far the medium creeps up the wall. */
  readonly meniscus: number;
  /** Top of the plug at the bottom of the tube; 0 without one. */
  readonly plug: number;
  readonly plugMu: number;
  readonly bubbles: readonly Ball[];
  readonly specks: readonly Ball[];
}

export interface Ball {
  readonly centre: readonly [z: number, y: number, x: number];
  readonly radius: number;
  readonly mu: number;
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

/** What of the container matters for where things can be. */
export type Room = Pick<
  Container,
  "axis" | "slope" | "innerRadius" | "surface" | "surfaceSlope" | "plug"
>;

/** On the wall, below the surface. */
function drawBubbles(random: Random, count: Span, size: number, room: Room): readonly Ball[] {
  return Array.from({ length: wholeNumber(random, count) }, () => {
    const radius = (random.uniform(1.5, 4) * size) / 128;
    const z = random.uniform(room.plug, room.surface - 2 * radius);
    return { centre: inTube(random, room, size, z, room.innerRadius - 0.7 * radius), radius, mu: 0 };
  });
}

function drawSpecks(
  random: Random,
  { specks, speckMu }: { readonly specks: Span; readonly speckMu: Span },
  size: number,
  room: Room,
): readonly Ball[] {
  return Array.from({ length: wholeNumber(random, specks) }, () => {
    const radius = Math.max(0.7, (random.uniform(0.8, 1.8) * size) / 128);
    const z = random.uniform(room.plug, room.surface - 2 * radius);
    const distance = Math.sqrt(random.next()) * (room.innerRadius - radius);
    return {
      centre: inTube(random, room, size, z, distance),
      radius,
      mu: random.uniform(speckMu[0], speckMu[1]),
    };
  });
}

function wholeNumber(random: Random, [lo, hi]: Span): number {
  return lo + random.int(hi - lo + 1);
}

function inTube(random: Random, room: Room, size: number, z: number, distance: number) {
  const angle = random.uniform(0, 2 * Math.PI);
  const rise = z - (size - 1) / 2;
  return [
    z,
    room.axis[0] + room.slope[0] * rise + distance * Math.sin(angle),
    room.axis[1] + room.slope[1] * rise + distance * Math.cos(angle),
  ] as const;
}
