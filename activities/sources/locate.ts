import { basename, dirname, resolve } from "node:path";
import { glob } from "tinyglobby";
import { InvalidInput, NotFound } from "../../domain/errors.ts";
import { fileSize } from "./files/file-bytes.ts";
import { filesAt } from "./files/files-at.ts";
import { joinPath } from "./files/files-path.ts";
import { sourcePath } from "./files/files-source-path.ts";
import { naturalOrder } from "./natural-order.ts";
import { matchS3 } from "./files/s3-match.ts";
import { isS3 } from "./files/s3-path.ts";
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

/** What makes a name a pattern. */
const GLOB = /[*?[{]/;

const TIFF = /\.(tiff?|tf8|btf)$/i;

/** Find the files of a source; `NotFound` when there are none. */
export async function locate(spec: SourceSpec, baseDir: string): Promise<Located> {
  const { scan } = spec;
  const named = sourcePath(spec);
  const path = isS3(named) ? named : resolve(baseDir, named);
  const kind = await filesAt(path, scan).look(path, scan);
  if (kind === "folder") return inFolder(spec, path);
  if (kind === "file") return { kind: "file", path };
  if (kind === "other") throw new InvalidInput(`${scan}: ${path} is neither a file nor a folder`);
  if (GLOB.test(named)) return matching(spec, named, baseDir);
  // Says why: not there, or not allowed.
  await fileSize(path, scan);
  throw new NotFound(`${scan}: there is no ${path}`);
}

async function inFolder(spec: SourceSpec, folder: string): Promise<Located> {
  const entries = await filesAt(folder, spec.scan).list(folder, spec.scan);
  const all = entries
    .filter(({ name, kind }) => kind === "file" && !name.startsWith("."))
    .map(({ name }) => name);
  if (spec.raw !== undefined) return slices(spec, folder, all);
  if (entries.some(({ name }) => ZARR.includes(name))) return { kind: "zarr", path: folder };
  const found = all.filter((name) => TIFF.test(name));
  if (found.length > 0) return slices(spec, folder, found);
  if (all.length === 0) throw new NotFound(`${spec.scan}: the folder ${folder} is empty`);
  throw new NotFound(
    `${spec.scan}: the folder ${folder} holds no TIFF slices but ${all.length} other files, such as ${naturalOrder(all)[0]}; ${READ}`,
  );
}

async function matching(spec: SourceSpec, pattern: string, cwd: string): Promise<Located> {
  const { scan } = spec;
  if (pattern.includes("**")) {
    throw new InvalidInput(`${scan}: slices lie in one folder, so ** has no place in ${pattern}`);
  }
  const found = isS3(pattern)
    ? await matchS3(filesAt(pattern, scan), pattern, scan)
    : await matchLocal(pattern, cwd);
  const paths = found.filter((path) => !basename(path).startsWith("."));
  if (paths.length === 0) throw new NotFound(`${scan}: no file matches ${pattern}`);
  const folder = dirname(paths[0]!);
  const stray = paths.find((path) => dirname(path) !== folder);
  if (stray !== undefined) {
    throw new InvalidInput(
      `${scan}: ${pattern} matches in more than one folder: ${folder}, ${dirname(stray)}`,
    );
  }
  return slices(
    spec,
    folder,
    paths.map((path) => basename(path)),
  );
}

const matchLocal = (pattern: string, cwd: string) =>
  // Repetitions in repetitions (`+(+(a)*)`) can take for ever to match, and no slices need them.
  glob(pattern, { cwd, absolute: true, onlyFiles: true, expandDirectories: false, extglob: false });

function slices(spec: SourceSpec, folder: string, names: readonly string[]): Located {
  if (names.length === 0) throw new NotFound(`${spec.scan}: the folder ${folder} is empty`);
  if (names.length === 1) return { kind: "file", path: joinPath(folder, names[0]!) };
  return {
    kind: "slices",
    folder,
    paths: naturalOrder(names).map((name) => joinPath(folder, name)),
  };
}
