import { CorruptData, InvalidInput, NotFound, UnsupportedFormat } from "../../../domain/errors.ts";
import { filesAt } from "../files/files-at.ts";
import { joinPath } from "../files/files-path.ts";
import { naturalOrder } from "../natural-order.ts";
import type { SourceSpec } from "../source.ts";
import { show } from "./zarr-fields.ts";
import { type Document, readZarrNode, toDocument, type ZarrNode } from "./zarr-node.ts";

/** The array to read, and the image that it is a level of, when it is one. */
export interface OmeImage {
  readonly array: ZarrNode;
  /** The array's path below the source's folder; "" when it is the source itself. */
  readonly dataset: string;
  readonly image?: {
    readonly node: ZarrNode;
    readonly multiscale: Document;
    /** The array's entry in `datasets`. */
    readonly entry: Document;
    /** OME's own attributes. */
    readonly ome: Document;
    readonly version: string | undefined;
  };
}

/**
 * Find the array that a source means: level 0 of the image at its path, else the array there, else
 * what `dataset` names below it (a level, an image, an array). `UnsupportedFormat` where several
 * images could be meant, with their names.
 */
export async function findImage(spec: SourceSpec, root: string): Promise<OmeImage> {
  const { scan } = spec;
  const below = spec.dataset === undefined ? [] : toSegments(spec.dataset, "dataset", scan);
  const path = below.reduce(joinPath, root);
  const node = await readZarrNode(path, scan);
  const dataset = below.join("/");
  if (node === undefined) {
    const offered = await offer(root, "", scan);
    throw new NotFound(`${scan}: there is no Zarr array or image ${path}${offered}`);
  }
  if (node.kind === "group") return levelZero(node, dataset, scan);
  // The nearest group above that calls it one of its levels knows the size of its voxels.
  for (let depth = below.length - 1; depth >= 0; depth--) {
    const above = await readZarrNode(below.slice(0, depth).reduce(joinPath, root), scan);
    const image = above && imageOf(above, scan);
    const rest = below.slice(depth).join("/");
    const entry = image?.datasets.find(
      (entry) => toSegments(entry["path"], "datasets[].path", scan).join("/") === rest,
    );
    if (image !== undefined && entry !== undefined) {
      return { array: node, dataset, image: { ...image, entry } };
    }
  }
  return { array: node, dataset };
}

async function levelZero(node: ZarrNode, dataset: string, scan: string): Promise<OmeImage> {
  const image = imageOf(node, scan);
  if (image === undefined) {
    throw new UnsupportedFormat(
      `${scan}: ${node.path} is ${describeGroup(node)}, not an image${await offer(node.path, dataset, scan)}`,
    );
  }
  const entry = image.datasets[0]!;
  const finer = image.datasets.find((other) => isFiner(other, entry));
  if (finer !== undefined) {
    throw new UnsupportedFormat(
      `${scan}: ${node.path} lists ${show(entry["path"])} first, but ${show(finer["path"])} has smaller voxels; name one as dataset`,
    );
  }
  const segments = toSegments(entry["path"], "datasets[0].path", `${scan}: ${node.path}`);
  const path = segments.reduce(joinPath, node.path);
  const array = await readZarrNode(path, scan);
  if (array?.kind !== "array") {
    throw new NotFound(
      `${scan}: ${node.path} names ${segments.join("/")} as level 0, but there is no array`,
    );
  }
  const whole = [...(dataset === "" ? [] : [dataset]), ...segments].join("/");
  return { array, dataset: whole, image: { ...image, entry } };
}

/** Level 0 has the smallest voxels, says OME-Zarr. */
function isFiner(other: Document, first: Document): boolean {
  const scaleOf = ({ coordinateTransformations: list }: Document): readonly unknown[] => {
    const all = Array.isArray(list) ? (list as unknown[]).map(toDocument) : [];
    const { scale } = toDocument(all.find(({ type }) => type === "scale"));
    return Array.isArray(scale) ? scale : [];
  };
  const scale = scaleOf(first);
  // Factors between levels are rounded.
  return scaleOf(other).some((value, i) => Number(value) / Number(scale[i]) < 0.999);
}

/** The first multiscale of a group; undefined when it has none. */
function imageOf(node: ZarrNode, scan: string) {
  const ome = omeOf(node);
  const { multiscales } = ome;
  if (multiscales === undefined) return undefined;
  const multiscale = toDocument(Array.isArray(multiscales) ? multiscales[0] : undefined);
  const { datasets, version = ome["version"] } = multiscale;
  if (version !== undefined && !/^"?0\.[1-5]\b/.test(show(version))) {
    throw new UnsupportedFormat(
      `${scan}: ${node.path} is OME-Zarr ${show(version)}, expected 0.4 or 0.5`,
    );
  }
  if (!Array.isArray(datasets) || datasets.length === 0) {
    throw new CorruptData(
      `${scan}: ${node.path} has the multiscales ${show(multiscales)}, expected one with datasets`,
    );
  }
  return {
    node,
    ome,
    multiscale,
    datasets: (datasets as unknown[]).map(toDocument),
    version: typeof version === "string" ? version : undefined,
  };
}

/** OME's attributes: under `ome` since 0.5, among the others before. */
function omeOf({ attributes }: ZarrNode): Document {
  return attributes["ome"] === undefined ? attributes : toDocument(attributes["ome"]);
}

function describeGroup(node: ZarrNode): string {
  const ome = omeOf(node);
  if (ome["plate"] !== undefined) return "a plate of many images";
  if (ome["well"] !== undefined) return "a well of several images";
  if (ome["bioformats2raw.layout"] !== undefined) return "a collection of images (bioformats2raw)";
  if (ome["labels"] !== undefined) return "a group of labels";
  return "a Zarr group";
}

/** What the user could name as `dataset`, as the end of a message. */
async function offer(path: string, dataset: string, scan: string): Promise<string> {
  const node = await readZarrNode(path, scan);
  const below = node === undefined ? [] : await namesIn(node, scan);
  const names = below.map((name) => (dataset === "" ? name : `${dataset}/${name}`));
  if (names.length === 0) return "";
  const more = names.length > 5 ? ", …" : "";
  return `; name one as dataset: ${names.slice(0, 5).join(", ")}${more}`;
}

async function namesIn(node: ZarrNode, scan: string): Promise<readonly string[]> {
  const ome = omeOf(node);
  const listed = (value: unknown, field: string) =>
    (Array.isArray(value) ? (value as unknown[]) : []).flatMap((entry) => {
      const name = typeof entry === "string" ? entry : toDocument(entry)[field];
      return typeof name === "string" ? [name] : [];
    });
  const known = [
    // The first field of view of every well.
    ...listed(toDocument(ome["plate"])["wells"], "path").map((well) => `${well}/0`),
    ...listed(toDocument(ome["well"])["images"], "path"),
    ...listed(ome["labels"], ""),
    ...listed(toDocument((ome["multiscales"] as unknown[] | undefined)?.[0])["datasets"], "path"),
  ];
  if (known.length > 0 || node.kind === "array") return known;
  const entries = await filesAt(node.path, scan).list(node.path, scan);
  const folders = entries.filter(({ name, kind }) => kind === "folder" && !/^(\.|OME$)/.test(name));
  return naturalOrder(folders.map(({ name }) => name));
}

/** The parts of a path inside a group; `InvalidInput` for one that leaves it. */
function toSegments(path: unknown, what: string, subject: string): string[] {
  // HDF5's way to write it is fine in what a user says.
  const text =
    typeof path === "string" ? path.replace(what === "dataset" ? /^\/|\/$/g : /\/$/, "") : "";
  const segments = text.split("/");
  if (segments.every((segment) => !/^\.{0,2}$|[\\\u0000-\u001f]/.test(segment))) return segments;
  throw new InvalidInput(
    `${subject}: ${what} is ${show(path)}, expected the path of an array below its group`,
  );
}
