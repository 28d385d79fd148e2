import type { JsonObject } from "../../../domain/volumes/ome-metadata.ts";
import type { Zyx } from "../../../domain/volumes/shape.ts";
import { InvalidInput } from "../../../domain/errors.ts";
import { joinPath } from "../files/files-path.ts";
import { findSpace, type OmeAxis, plainAxes, readAxes } from "./ome-zarr-axes.ts";
import { findImage, type OmeImage } from "./ome-zarr-image.ts";
import { readTransform, type Transform } from "./ome-zarr-transform.ts";
import { checkShape } from "../plane-checks.ts";
import type { ScanSource, SourceSpec } from "../source.ts";
import { readZarrArray } from "./zarr-array.ts";
import { listChunks, type StoredChunk } from "./zarr-chunks.ts";
import { toDocument, type ZarrNode } from "./zarr-node.ts";
import { planPlanes, type SpaceAxes, streamPlanes } from "./zarr-planes.ts";

/** No scan has more slices; what is not stored costs nothing, and could be said to be without end. */
const MAX_LENGTH = 2 ** 20;

/**
 * An OME-Zarr image (0.4 on Zarr v2, 0.5 on Zarr v3, sharded or not), or a Zarr array of three
 * dimensions. Its level 0 is read, unless `dataset` names another array below.
 */
export async function openOmeZarr(spec: SourceSpec, path: string): Promise<ScanSource> {
  const { scan } = spec;
  const found = await findImage(spec, path);
  const subject = `${scan} (${found.array.path})`;
  const array = readZarrArray(found.array, subject);
  const { dtype } = array;
  const { image } = found;
  const axes =
    image === undefined
      ? plainAxes(array, subject)
      : readAxes(image.multiscale["axes"], array, subject);
  const space = findSpace(axes, array, subject);
  const plan = planPlanes(array, space, subject);
  const { shape } = plan;
  checkShape(shape, dtype, subject);
  if (Math.max(...shape) > MAX_LENGTH) {
    throw new InvalidInput(
      `${subject} has shape [${shape}], expected up to ${MAX_LENGTH} per axis`,
    );
  }
  const transform =
    image &&
    readTransform(
      [image.entry["coordinateTransformations"], image.multiscale["coordinateTransformations"]],
      axes.length,
      spec,
      subject,
    );
  const chunks = await listChunks(array, subject, scan);
  const all = array.shape.reduce((n, length, i) => n * Math.ceil(length / array.stored[i]!), 1);
  return {
    format: "ome-zarr",
    shape,
    dtype,
    voxelSizeUm: voxelSize(transform, axes, space),
    ...filesOf(found, chunks),
    origin: {
      ...describeOrigin(found, transform, axes, space),
      ...(all === chunks.length ? {} : { missingChunks: all - chunks.length }),
    },
    planes: (signal) => streamPlanes(plan, chunks, subject, scan, signal),
  };
}

/** Undefined unless every axis has a unit of length. */
function voxelSize(
  transform: Transform | undefined,
  axes: readonly OmeAxis[],
  space: SpaceAxes,
): Zyx | undefined {
  return transform && inMicrometres(transform.scale, axes, space);
}

function inMicrometres(
  values: readonly number[],
  axes: readonly OmeAxis[],
  space: SpaceAxes,
): Zyx | undefined {
  const converted = space.map((axis) => {
    const value = values[axis]! * (axes[axis]!.micrometres ?? NaN);
    return Number(value.toPrecision(12));
  });
  return converted.every(Number.isFinite) ? (converted as unknown as Zyx) : undefined;
}

/** What the fingerprint reads: the documents, then level 0. */
function filesOf(
  { array, image, dataset }: OmeImage,
  chunks: readonly StoredChunk[],
): { readonly files: string[]; readonly names: string[] } {
  const documents = (node: ZarrNode, name: string) =>
    node.documents.map((document) => ({
      path: joinPath(node.path, document),
      name: name + document,
    }));
  const prefix = dataset === "" ? "" : `${dataset}/`;
  const named = [
    ...(image === undefined ? [] : documents(image.node, "image/")),
    ...documents(array, prefix),
    ...chunks.map(({ key }) => ({ path: joinPath(array.path, key), name: prefix + key })),
  ];
  return { files: named.map(({ path }) => path), names: named.map(({ name }) => name) };
}

function describeOrigin(
  { array, image, dataset }: OmeImage,
  transform: Transform | undefined,
  axes: readonly OmeAxis[],
  space: SpaceAxes,
): JsonObject {
  const name = image?.multiscale["name"];
  const translation = transform && inMicrometres(transform.translation, axes, space);
  const window = image && windowOf(image.ome);
  return {
    format: "ome-zarr",
    zarrFormat: array.zarrFormat,
    dataset,
    axes: axes.map((axis) => axis.name),
    unitKnown: space.every((axis) => axes[axis]!.micrometres !== undefined),
    ...(image?.version === undefined ? {} : { version: image.version }),
    ...(typeof name === "string" ? { name } : {}),
    ...(transform === undefined ? {} : { scale: transform.scale }),
    ...(translation === undefined ? {} : { translationUm: translation }),
    ...(window === undefined ? {} : { window }),
  };
}

/** The values that viewers show as black and white. */
function windowOf(ome: ZarrNode["attributes"]): readonly [number, number] | undefined {
  const { channels } = toDocument(ome["omero"]);
  const channel = toDocument(Array.isArray(channels) ? channels[0] : undefined);
  const { start, end } = toDocument(channel["window"]);
  return Number.isFinite(start) && Number.isFinite(end)
    ? [start as number, end as number]
    : undefined;
}
