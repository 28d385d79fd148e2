import { bedDepth } from "./bed.ts";
import type { Container } from "./container.ts";
import { coverage } from "./coverage.ts";
import { createReach } from "./outline.ts";
import type { Texture } from "./texture.ts";

/** A container in one slice, at places in voxels. */
export interface ContainerSlice {
  /** How far below the room's wall a place is; infinite where nothing bounds the room. */
  depth(y: number, x: number): number;
  /** μ of the walls, without the room. */
  walls(y: number, x: number): number;
  /** μ in the room: medium with what floats in it, plug below, air above, bed. */
  content(y: number, x: number): number;
}

/** The container slice by slice. `size` is the scan's width, `texture` the medium's. */
export function createContainerSlices(
  container: Container,
  size: number,
  texture: Texture,
): (z: number) => ContainerSlice {
  const { axis, slope, bed, room, mediumMu, mediumTexture } = container;
  const reach = room ? createReach(room) : () => 0;
  const radius = room?.radius ?? Infinity;
  const walls = container.walls.map((wall) => ({ ...wall, reach: createReach(wall.outline) }));
  return (z) => {
    const up = z - (size - 1) / 2;
    const ay = axis[0] + slope[0] * up;
    const ax = axis[1] + slope[1] * up;
    const balls = [...container.specks, ...container.bubbles].filter(
      ({ centre, radius }) => Math.abs(centre[0] - z) < radius + 1,
    );
    const shells = walls.map(({ outline, axis, mu, reach }) => ({
      ...{ radius: outline.radius, mu, reach },
      ...{ ay: axis[0] + slope[0] * up, ax: axis[1] + slope[1] * up },
    }));

    const medium = (y: number, x: number) => {
      let mu = mediumMu + mediumTexture * texture(z, y, x);
      for (const { centre, radius: r, mu: ballMu } of balls) {
        const d = Math.hypot(z - centre[0], y - centre[1], x - centre[2]);
        mu += coverage(r - d) * (ballMu - mu);
      }
      if (container.plug > 0) mu += coverage(container.plug - z) * (container.plugMu - mu);
      const surface =
        container.surface +
        container.surfaceSlope[0] * (y - ay) +
        container.surfaceSlope[1] * (x - ax) +
        container.meniscus * (reach(y - ay, x - ax) / radius) ** 8;
      return mu * coverage(surface - z);
    };

    return {
      depth: (y, x) => radius - reach(y - ay, x - ax),
      walls(y, x) {
        let mu = 0;
        for (const shell of shells) {
          const cover = coverage(shell.radius - shell.reach(y - shell.ay, x - shell.ax));
          if (cover > 0) mu = cover * shell.mu + (1 - cover) * mu;
        }
        return mu;
      },
      content(y, x) {
        const mu = mediumMu > 0 ? medium(y, x) : 0;
        if (!bed) return mu;
        return mu + coverage(bedDepth(bed, y - ay, x - ax)) * (bed.mu - mu);
      },
    };
  };
}
