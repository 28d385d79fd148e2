import { fileURLToPath } from "node:url";
import { InvalidInput } from "../../domain/errors.ts";
import { identifier } from "../../schemas/shape.ts";

const VALID = new RegExp(identifier.pattern);

const EXTENSIONS =
  /\.(nii\.gz|ome\.tiff?|ome\.zarr|ome\.btf|tiff?|tf8|btf|nii|hdr|img|nrrd|nhdr|raw\.gz|raw|vol|bin|h5|hdf5?|nxs|mha|mhd|zarr)$/i;

/**
 * The id of a scan that has none: the file's name without its known extensions, or the folder's
 * name (of `DIR/*.tif` too). `InvalidInput` when that is no id.
 */
export function scanIdOf(source: string): string {
  const path = toPath(source);
  const segments = path.split("/").filter((segment) => segment !== "" && segment !== ".");
  const glob = segments.findIndex((segment) => /[*?[\]{}]/.test(segment));
  const name = glob < 0 ? segments.at(-1) : segments[glob - 1];
  const id = glob < 0 ? name?.replace(EXTENSIONS, "") : name;
  if (id !== undefined && VALID.test(id)) return id;
  throw new InvalidInput(
    `${JSON.stringify(source)} gives no scan id: expected ${identifier.description} got ${JSON.stringify(id ?? "")}; give the scan an id`,
  );
}

function toPath(source: string): string {
  if (!source.startsWith("file:") || !URL.canParse(source)) return source;
  try {
    return fileURLToPath(source);
  } catch (cause) {
    throw new InvalidInput(`${source} is no file URL: ${String(cause)}`, { cause });
  }
}
