import { readdir, stat } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { glob } from "tinyglobby";
import { InvalidInput, NotFound, UnsupportedFormat } from "../../domain/errors.ts";
import { attempt } from "./file-bytes.ts";
import { naturalOrder } from "./natural-order.ts";
import type { SourceSpec } from "./source.ts";

/** What a source names: one file, slices in order (all of one folder), or a Zarr group. */
export type Located =
  | { readonly kind: "zarr"; readonly path: string }
  | { readonly kind: "file"; readonly path: string }
  | { readonly kind: "slices"; readonly folder: string; readonly paths: readonly string[] };

export const READ =
  "TIFF (slices in a folder, multi-page, BigTIFF, ImageJ), NIfTI, NRRD, MetaImage, HDF5, OME-Zarr and raw files are read";

/** What only the folder of a Zarr group or array holds. */
const ZARR = ["zarr.json", ".zgroup", ".zattrs", ".zarray"];

const TIFF = /\.(tiff?|tf8|btf)$/i;

/** Find the files of a source; `NotFound` when there are none. */
export async function locate(spec: SourceSpec, baseDir: string): Promise<Located> {
  const path = resolve(baseDir, toPath(spec));
  const info = await stat(path).catch(() => undefined);
  if (info?.isDirectory() === true) return inFolder(spec, path);
  if (info?.isFile() === true) return { kind: "file", path };
  if (info !== undefined)
    throw new InvalidInput(`${spec.scan}: ${path} is neither a file nor a folder`);
  if (/[*?[{]/.test(spec.source)) return matching(spec, baseDir);
  // Says why: not there, or not allowed.
  await attempt(path, spec.scan, () => stat(path));
  throw new NotFound(`${spec.scan}: there is no ${path}`);
}

function toPath({ scan, source }: SourceSpec): string {
  if (source.includes("\0")) throw new InvalidInput(`${scan}: the source holds a NUL character`);
  const scheme = /^([a-z][a-z0-9+.-]*):\/\//i.exec(source)?.[1]?.toLowerCase();
  if (scheme === undefined) return source;
  if (scheme !== "file") {
    throw new UnsupportedFormat(
      `${scan}: sources are not read from ${scheme}:// yet; ${READ}, from folders and file://`,
    );
  }
  try {
    return fileURLToPath(source);
  } catch (cause) {
    throw new InvalidInput(`${scan}: ${source} is no file URL: ${String(cause)}`, { cause });
  }
}

async function inFolder(spec: SourceSpec, folder: string): Promise<Located> {
  const entries = await attempt(folder, spec.scan, () => readdir(folder, { withFileTypes: true }));
  const all = entries.filter((e) => !e.isDirectory() && !e.name.startsWith(".")).map((e) => e.name);
  if (spec.raw !== undefined) return slices(spec, folder, all);
  if (entries.some(({ name }) => ZARR.includes(name))) return { kind: "zarr", path: folder };
  const found = all.filter((name) => TIFF.test(name));
  if (found.length > 0) return slices(spec, folder, found);
  if (all.length === 0) throw new NotFound(`${spec.scan}: the folder ${folder} is empty`);
  throw new NotFound(
    `${spec.scan}: the folder ${folder} holds no TIFF slices but ${all.length} other files, such as ${naturalOrder(all)[0]}; ${READ}`,
  );
}

async function matching(spec: SourceSpec, cwd: string): Promise<Located> {
  const pattern = toPath(spec);
  if (pattern.includes("**")) {
    throw new InvalidInput(
      `${spec.scan}: slices lie in one folder, so ** has no place in ${pattern}`,
    );
  }
  const found = await glob(pattern, {
    cwd,
    absolute: true,
    onlyFiles: true,
    expandDirectories: false,
  });
  const paths = found.filter((path) => !basename(path).startsWith("."));
  if (paths.length === 0) throw new NotFound(`${spec.scan}: no file matches ${pattern}`);
  const folder = dirname(paths[0]!);
  const stray = paths.find((path) => dirname(path) !== folder);
  if (stray !== undefined) {
    throw new InvalidInput(
      `${spec.scan}: ${pattern} matches in more than one folder: ${folder}, ${dirname(stray)}`,
    );
  }
  return slices(
    spec,
    folder,
    paths.map((path) => basename(path)),
  );
}

function slices(spec: SourceSpec, folder: string, names: readonly string[]): Located {
  if (names.length === 0) throw new NotFound(`${spec.scan}: the folder ${folder} is empty`);
  if (names.length === 1) return { kind: "file", path: join(folder, names[0]!) };
  return { kind: "slices", folder, paths: naturalOrder(names).map((name) => join(folder, name)) };
}
