import { type Affine, diagonalAffine, flipAffine } from "../../domain/volumes/affine.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";
import { parseNiftiHeader } from "../sources/nifti-header.ts";
import { parseVectors } from "../sources/nrrd-header.ts";
import { readNiftiAffine } from "./nifti-affine.ts";

/** Signs that turn a NRRD space into right-anterior-superior. */
const SPACES: Partial<Record<string, readonly [number, number, number]>> = {
  "right-anterior-superior": [1, 1, 1],
  ras: [1, 1, 1],
  "left-posterior-superior": [-1, -1, 1],
  lps: [-1, -1, 1],
  "left-anterior-superior": [-1, 1, 1],
  las: [-1, 1, 1],
};

/**
 * The affine of a scan in millimetres, right-anterior-superior, from the header it came with; from
 * the size of its voxels alone when the header had none.
 */
export function sourceAffine(origin: JsonObject | undefined, voxelSizeUm: Zyx): Affine {
  const [z, y, x] = voxelSizeUm;
  const found = origin?.["format"] === "nifti" ? fromNifti(origin) : fromNrrd(origin);
  return found ?? diagonalAffine([z / 1000, y / 1000, x / 1000]);
}

function fromNifti(origin: JsonObject): Affine | undefined {
  const bytes = new Uint8Array(Buffer.from(origin["header"] as string, "base64"));
  const { sform, qform } = readNiftiAffine(bytes);
  const affine = sform ?? qform;
  const millimetres = (parseNiftiHeader(bytes)?.unitUm ?? 1000) / 1000;
  return affine === undefined ? undefined : scaled(affine, millimetres);
}

function fromNrrd(origin: JsonObject | undefined): Affine | undefined {
  const fields = origin?.["fields"] as Readonly<Record<string, string>> | undefined;
  const directions = parseVectors(fields?.["space directions"]);
  const [first = [0, 0, 0]] = parseVectors(fields?.["space origin"]);
  const signs = SPACES[fields?.["space"]?.toLowerCase() ?? ""];
  if (signs === undefined || directions.length !== 3 || directions.some((d) => d.length !== 3)) {
    return undefined;
  }
  const row = (r: number) => [...directions.map((direction) => direction[r]!), first[r]!];
  return flipAffine([row(0), row(1), row(2)] as unknown as Affine, signs);
}

function scaled(affine: Affine, factor: number): Affine {
  return affine.map((row) => row.map((value) => value * factor)) as unknown as Affine;
}
