import { type Affine, diagonalAffine, flipAffine } from "../../domain/volumes/affine.ts";
import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";
import type { Zyx } from "../../domain/volumes/shape.ts";
import { parseNiftiHeader } from "../sources/nifti/nifti-header.ts";
import { parseVectors } from "../sources/nrrd/nrrd-header.ts";
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

/** Lengths that differ by less are the same, rounded. */
const TOLERANCE = 1e-3;

/**
 * The affine of a scan in millimetres, right-anterior-superior, from the header it came with; from
 * the size of its voxels alone when the header had none. The voxels are of the given size also where
 * the header says otherwise: in another unit, or wrongly.
 */
export function sourceAffine(origin: JsonObject | undefined, voxelSizeUm: Zyx): Affine {
  const [z, y, x] = voxelSizeUm;
  const found = origin === undefined ? undefined : headerAffine(origin);
  if (found === undefined) return diagonalAffine([z / 1000, y / 1000, x / 1000]);
  return resize(found, [x / 1000, y / 1000, z / 1000]);
}

/**
 * What a header says of where its voxels lie: right-anterior-superior, in millimetres where it names
 * a unit; undefined when it says nothing, or of fewer than three axes.
 */
export function headerAffine(origin: JsonObject): Affine | undefined {
  const format = origin["format"];
  let affine;
  if (format === "nifti") affine = fromNifti(origin);
  else if (format === "metaimage") affine = fromMetaImage(origin);
  else affine = fromNrrd(origin);
  const right =
    affine?.flat().every(Number.isFinite) === true && lengths(affine).every((n) => n > 0);
  return right ? affine : undefined;
}

function fromNifti(origin: JsonObject): Affine | undefined {
  if (typeof origin["header"] !== "string") return undefined;
  const bytes = new Uint8Array(Buffer.from(origin["header"], "base64"));
  const { sform, qform } = readNiftiAffine(bytes);
  const affine = sform ?? qform;
  const millimetres = (parseNiftiHeader(bytes)?.unitUm ?? 1000) / 1000;
  return affine === undefined ? undefined : scaled(affine, millimetres);
}

function fromNrrd(origin: JsonObject): Affine | undefined {
  const fields = origin["fields"] as Readonly<Record<string, string>> | undefined;
  const directions = parseVectors(fields?.["space directions"]);
  const [first = [0, 0, 0]] = parseVectors(fields?.["space origin"]);
  const signs = SPACES[fields?.["space"]?.toLowerCase() ?? ""];
  if (signs === undefined || directions.length !== 3 || directions.some((d) => d.length !== 3)) {
    return undefined;
  }
  const row = (r: number) => [...directions.map((direction) => direction[r]!), first[r]!];
  return flipAffine([row(0), row(1), row(2)] as unknown as Affine, signs);
}

/**
 * MetaImage: the k-th three numbers of `TransformMatrix` are the direction of axis k, `Offset` the
 * place of the first voxel, in ITK's left-posterior-superior.
 */
function fromMetaImage(origin: JsonObject): Affine | undefined {
  const fields = origin["fields"] as Readonly<Record<string, string>> | undefined;
  const numbers = (name: string) => fields?.[name]?.trim().split(/\s+/).map(Number);
  const matrix = numbers("TransformMatrix") ?? [1, 0, 0, 0, 1, 0, 0, 0, 1];
  const offset = numbers("Offset") ?? [0, 0, 0];
  const spacing = numbers("ElementSpacing") ?? numbers("ElementSize");
  if (spacing?.length !== 3 || matrix.length !== 9 || offset.length !== 3) return undefined;
  const row = (r: number) => [
    ...[0, 1, 2].map((k) => matrix[3 * k + r]! * spacing[k]!),
    offset[r]!,
  ];
  return flipAffine([row(0), row(1), row(2)] as unknown as Affine, [-1, -1, 1]);
}

/** Millimetres between voxels along x, y, z. */
function lengths(affine: Affine): readonly [number, number, number] {
  const length = (k: 0 | 1 | 2) => Math.hypot(affine[0][k], affine[1][k], affine[2][k]);
  return [length(0), length(1), length(2)];
}

/**
 * Give the axes their lengths. One factor for all is a matter of units, which the place of the first
 * voxel shares; else that place stays.
 */
function resize(affine: Affine, wanted: readonly [number, number, number]): Affine {
  const factors = lengths(affine).map((length, k) => wanted[k]! / length);
  if (factors.every((factor) => Math.abs(factor - 1) <= TOLERANCE)) return affine;
  const [first = 1] = factors;
  if (factors.every((factor) => Math.abs(factor / first - 1) <= TOLERANCE)) {
    return scaled(affine, first);
  }
  return affine.map((row) =>
    row.map((value, k) => (k === 3 ? value : value * factors[k]!)),
  ) as unknown as Affine;
}

function scaled(affine: Affine, factor: number): Affine {
  return affine.map((row) => row.map((value) => value * factor)) as unknown as Affine;
}
