/** What a phantom can be in, and what that is. */
export const CONTAINERS = {
  tube: "a round tube with wall, medium, air above and often a plug below",
  square: "a square cuvette with rounded corners, turned by any angle",
  double: "a tube, off centre, within a wider tube, air or liquid between them",
  none: "no container: the specimen in air, or embedded in an irregular block",
  "no-air": "a tube wider and longer than the field of view: wall and air are out of sight",
  bed: "a half-shell that the specimen lies in, air all around",
} as const;

export type ContainerName = keyof typeof CONTAINERS;
