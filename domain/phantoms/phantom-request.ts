import { InvalidInput } from "../errors.ts";
import { CONTAINERS, type ContainerName } from "./container-names.ts";
import { PHANTOM_CASES, type PhantomCase } from "./phantom-cases.ts";
import { PHANTOM_PRESETS, type PhantomPresetName } from "./presets.ts";
import { SPECIMENS, type SpecimenName } from "./specimen-names.ts";

/** What names a phantom: equal requests give equal bytes. */
export interface PhantomRequest {
  readonly preset: PhantomPresetName;
  /** Voxels per axis, 16 to 512. */
  readonly size: number;
  /** A whole number, 0 to 2³²−1. */
  readonly seed: number;
  /** @default "fish" */
  readonly specimen?: SpecimenName;
  /** @default "tube" */
  readonly container?: ContainerName;
  /** @default "none" */
  readonly case?: PhantomCase;
}

/** Cases that need something of the container, and what it is. */
const NEEDS: Partial<Record<PhantomCase, readonly [what: string, of: readonly ContainerName[]]>> = {
  "touching-wall": ["a wall in view", ["tube", "square", "double", "bed"]],
  full: ["a container with a surface", ["tube", "square", "double"]],
};

/**
 * A request with its defaults filled in. Throws `InvalidInput` for names that there are not, for a
 * size or seed out of range, and for a case that the container cannot have.
 */
export function completeRequest(given: PhantomRequest): Required<PhantomRequest> {
  const { preset, size, seed, specimen = "fish", container = "tube" } = given;
  const request = { preset, size, seed, specimen, container, case: given.case ?? "none" };
  checkName("preset", preset, PHANTOM_PRESETS);
  if (!Number.isInteger(size) || size < 16 || size > 512) {
    throw new InvalidInput(`size must be a whole number from 16 to 512, got ${size}`);
  }
  if (!Number.isInteger(seed) || seed < 0 || seed >= 2 ** 32) {
    throw new InvalidInput(`seed must be a whole number from 0 to 4294967295, got ${seed}`);
  }
  checkName("specimen", specimen, SPECIMENS);
  checkName("container", container, CONTAINERS);
  checkName("case", request.case, PHANTOM_CASES);
  const [what, containers] = NEEDS[request.case] ?? [];
  if (containers && !containers.includes(container)) {
    const names = containers.join(", ");
    throw new InvalidInput(
      `case ${request.case} needs ${what}: expected container ${names}, got ${container}`,
    );
  }
  return request;
}

function checkName(field: string, name: string, known: object): void {
  if (Object.hasOwn(known, name)) return;
  const names = Object.keys(known).join(", ");
  throw new InvalidInput(`${field} must be one of ${names}, got ${JSON.stringify(name)}`);
}
