import type { Random } from "../random.ts";
import type { ContainerName } from "./container-names.ts";
import type { Container, Place } from "./container.ts";

/** A round tube in air, as the preset draws it. Every other container starts from it. */
export interface Tube {
  readonly axis: Place;
  readonly slope: Place;
  readonly outerRadius: number;
  readonly innerRadius: number;
  readonly wallMu: number;
  readonly mediumMu: number;
  readonly mediumTexture: number;
  readonly surface: number;
  readonly surfaceSlope: Place;
  readonly meniscus: number;
  readonly plug: number;
  readonly plugMu: number;
}

/** A container before anything floats in it. */
export type Vessel = Omit<Container, "bubbles" | "specks">;

/** Draw a container of a kind out of a tube. `size` is the scan's width in voxels. */
export function drawContainer(
  name: ContainerName,
  tube: Tube,
  size: number,
  random: Random,
): Vessel {
  switch (name) {
    case "tube":
      return roundTube(tube);
    case "square":
      return squareTube(tube, random);
    case "double":
      return tubeInTube(tube, random);
    case "none":
      return random.next() < 0.5 ? inAir(tube, 0.46 * size, size) : block(tube, size, random);
    case "no-air":
      return wideTube(tube, size, random);
    case "bed":
      return bed(tube, size, random);
  }
}

function roundTube({ outerRadius, wallMu, ...rest }: Tube): Vessel {
  return {
    ...rest,
    walls: [{ axis: rest.axis, outline: { kind: "round", radius: outerRadius }, mu: wallMu }],
    room: { kind: "round", radius: rest.innerRadius },
  };
}

/** As wide as the tube from corner to corner, so that all of it is in view. */
function squareTube({ outerRadius, wallMu, ...rest }: Tube, random: Random): Vessel {
  const thickness = outerRadius - rest.innerRadius;
  const radius = 0.72 * outerRadius;
  const corner = random.uniform(0.1, 0.3) * radius;
  const turn = random.uniform(0, Math.PI / 2);
  const innerRadius = radius - thickness;
  return {
    ...rest,
    innerRadius,
    walls: [{ axis: rest.axis, outline: { kind: "square", radius, corner, turn }, mu: wallMu }],
    room: { kind: "square", radius: innerRadius, corner: Math.max(0, corner - thickness), turn },
  };
}

function tubeInTube({ outerRadius, wallMu, ...rest }: Tube, random: Random): Vessel {
  const radius = random.uniform(0.7, 0.82) * rest.innerRadius;
  const innerRadius = radius - random.uniform(0.7, 1) * (outerRadius - rest.innerRadius);
  const away = random.uniform(0, 0.9) * (rest.innerRadius - radius);
  const angle = random.uniform(0, 2 * Math.PI);
  const axis: Place = [
    rest.axis[0] + away * Math.sin(angle),
    rest.axis[1] + away * Math.cos(angle),
  ];
  const gap = random.next() < 0.5 ? 0 : random.uniform(0.75, 1);
  return {
    ...rest,
    axis,
    innerRadius,
    walls: [
      { axis: rest.axis, outline: { kind: "round", radius: outerRadius }, mu: wallMu },
      { axis: rest.axis, outline: { kind: "round", radius: rest.innerRadius }, mu: gap },
      { axis, outline: { kind: "round", radius }, mu: wallMu * random.uniform(0.85, 1.15) },
    ],
    room: { kind: "round", radius: innerRadius },
  };
}

function wideTube(tube: Tube, size: number, random: Random): Vessel {
  const outerRadius = random.uniform(0.78, 0.86) * size;
  const innerRadius = outerRadius - (tube.outerRadius - tube.innerRadius);
  return roundTube({ ...tube, outerRadius, innerRadius, surface: 2 * size, plug: 0 });
}

/** In a lump of agarose, wax or resin without a wall, air above. */
function block({ outerRadius, wallMu, ...rest }: Tube, size: number, random: Random): Vessel {
  const radius = random.uniform(0.38, 0.43) * size;
  const waves = [2, 3, 4].map((count) => ({
    count,
    height: random.uniform(0, 0.035),
    phase: random.uniform(0, 2 * Math.PI),
  }));
  const room = { kind: "lump", radius, waves } as const;
  return { ...rest, innerRadius: 0.89 * radius, walls: [], room, meniscus: 0, plug: 0 };
}

function bed(tube: Tube, size: number, random: Random): Vessel {
  const radius = random.uniform(0.36, 0.43) * size;
  const thickness = random.uniform(1, 1.6) * (tube.outerRadius - tube.innerRadius);
  return {
    ...inAir(tube, radius - thickness, size),
    bed: {
      radius,
      thickness,
      azimuth: random.uniform(0, 2 * Math.PI),
      halfAngle: random.uniform(0.33, 0.53) * Math.PI,
      mu: tube.wallMu,
    },
  };
}

function inAir({ axis, slope, plugMu }: Tube, innerRadius: number, size: number): Vessel {
  return {
    axis,
    slope,
    innerRadius,
    walls: [],
    mediumMu: 0,
    mediumTexture: 0,
    surface: 2 * size,
    surfaceSlope: [0, 0],
    meniscus: 0,
    plug: 0,
    plugMu,
  };
}
