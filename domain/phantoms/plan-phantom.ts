import { createRandom } from "../random.ts";
import { chooseSeat, inView } from "./choose-seat.ts";
import type { Container } from "./container.ts";
import { createSpecimen, type SpecimenPose } from "./create-specimen.ts";
import { drawBubbles, drawSpecks } from "./draw-balls.ts";
import { drawContainer, type Vessel } from "./draw-container.ts";
import { drawScene } from "./draw-scene.ts";
import { drawStaple } from "./draw-staple.ts";
import { hiddenWidth } from "./hidden-width.ts";
import type { PhantomCase } from "./phantom-cases.ts";
import { completeRequest, type PhantomRequest } from "./phantom-request.ts";
import { placeSpecimens } from "./place-specimens.ts";
import { PHANTOM_PRESETS, type PhantomPreset } from "./presets.ts";
import { createRoomDepth } from "./room-depth.ts";
import type { Staple } from "./staple.ts";
import type { Staining } from "./tissue.ts";

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
  /** Columns by which the ends of truncated projections are drawn out before they are filtered. */
  readonly extension: number;
}

/** Everything that is drawn before a voxel is painted. Plain JSON. */
export interface PhantomPlan {
  readonly request: Required<PhantomRequest>;
  readonly specimens: readonly SpecimenPose[];
  readonly staining: Staining;
  readonly tissueTexture: number;
  readonly container: Container;
  readonly staple?: Staple;
  /** Voxels painted beyond the scan on each side in y and x, for the projections. */
  readonly beyond: number;
  readonly acquisition: Acquisition;
}

/** Columns of the detector beyond the scan on each side, so that a drifting tube stays in view. */
const DETECTOR_MARGIN = 4;
/** Size of each of two specimens, relative to a single one. */
const PAIR = 0.62;

/**
 * Draw a phantom: container, specimens where the case wants them, else clear of wall, plug and
 * surface, each box within the preset's `boxFraction`. Throws `InvalidInput` as `completeRequest`
 * does.
 */
export function planPhantom(given: PhantomRequest): PhantomPlan {
  const request = completeRequest(given);
  const { size, seed } = request;
  const preset: PhantomPreset = PHANTOM_PRESETS[request.preset];
  const { tube, staining, ...exposure } = drawScene(preset, size, createRandom(seed, "plan"));
  const drawn = drawContainer(request.container, tube, size, createRandom(seed, "container"));
  const vessel = fill(drawn, request.case, size);
  const poses = placeSpecimens(
    {
      ...{ name: request.specimen, preset, staining, size },
      count: request.case === "empty" ? 0 : request.case === "two" ? 2 : 1,
      shrink: request.case === "two" ? PAIR : 1,
      isUpsideDown: request.case === "upside-down",
      seat: chooseSeat(request, vessel, size, createRandom(seed, "seat")),
    },
    createRandom(seed, "pose"),
  );
  const beyond = hiddenWidth(vessel, poses, staining, size);
  const widest = Math.max(tube.outerRadius, ...vessel.walls.map(({ outline }) => outline.radius));
  return {
    request,
    specimens: poses,
    staining,
    tissueTexture: preset.tissueTexture,
    container: { ...vessel, ...drawFloating(vessel, preset, size, seed) },
    ...(request.case === "staple" && {
      staple: drawStaple(
        poses.map((pose) => createSpecimen(pose, staining, size)),
        size,
        inView(createRoomDepth(vessel, size), size),
        createRandom(seed, "staple"),
      ),
    }),
    beyond,
    acquisition: {
      angles: Math.round(preset.projectionsPerColumn * size),
      columns: size + 2 * DETECTOR_MARGIN,
      attenuation: preset.opacity / (2 * widest * tube.mediumMu),
      columnGain: preset.columnGain,
      jitter: preset.jitter,
      ...exposure,
      extension: beyond > 0 ? Math.round(size / 2) : 0,
    },
  };
}

/** Medium up to beyond the top where it is full, and a longer tube where the specimen is cut. */
function fill(vessel: Vessel, name: PhantomCase, size: number): Vessel {
  if (name === "full") return { ...vessel, surface: 2 * size };
  if (name === "cut") return { ...vessel, surface: 2 * size, plug: 0 };
  return vessel;
}

function drawFloating(vessel: Vessel, preset: PhantomPreset, size: number, seed: number) {
  if (vessel.mediumMu === 0) return { bubbles: [], specks: [] };
  const room = { ...vessel, surface: Math.min(vessel.surface, size) };
  return {
    bubbles: drawBubbles(createRandom(seed, "bubbles"), preset.bubbles, size, room),
    specks: drawSpecks(createRandom(seed, "specks"), preset, size, room),
  };
}
