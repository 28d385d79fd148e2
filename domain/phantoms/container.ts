import type { Bed } from "./bed.ts";
import type { Outline } from "./outline.ts";

/** Walls, medium and what else is in it. Lengths and places in voxels, μ relative to water. */
export interface Container {
  /** Where the axis of the room that holds medium and specimen crosses the middle slice. */
  readonly axis: Place;
  /** How far all axes move per slice. */
  readonly slope: Place;
  /** Solid bodies, each painted over the one before and hollowed by the next: outermost first. */
  readonly walls: readonly Wall[];
  /** What bounds the room; absent where nothing does. */
  readonly room?: Outline;
  /** How far from the axis there is room. */
  readonly innerRadius: number;
  readonly bed?: Bed;
  /** 0 where the specimen is in air. */
  readonly mediumMu: number;
  readonly mediumTexture: number;
  /** Height of the medium's surface on the axis; air above. Beyond the scan where it is full. */
  readonly surface: number;
  readonly surfaceSlope: Place;
  /** How far the medium creeps up the wall. */
  readonly meniscus: number;
  /** Top of the plug at the bottom of the tube; 0 without one. */
  readonly plug: number;
  readonly plugMu: number;
  readonly bubbles: readonly Ball[];
  readonly specks: readonly Ball[];
}

export type Place = readonly [y: number, x: number];

export interface Wall {
  /** Where its own axis crosses the middle slice. */
  readonly axis: Place;
  readonly outline: Outline;
  readonly mu: number;
}

export interface Ball {
  readonly centre: readonly [z: number, y: number, x: number];
  readonly radius: number;
  readonly mu: number;
}

/** What of the container matters for where things can be. */
export type Room = Pick<
  Container,
  "axis" | "slope" | "innerRadius" | "surface" | "surfaceSlope" | "plug"
>;
