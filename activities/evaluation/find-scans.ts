import { readdir } from "node:fs/promises";
import { join } from "node:path";
import { InvalidInput, NotFound } from "../../domain/errors.ts";
import { naturalOrder } from "../sources/natural-order.ts";
import { scanIdOf } from "../sources/scan-id.ts";

/** A scan of a folder: its id, and where it is. */
export interface FoundScan {
  readonly scan: string;
  readonly source: string;
}

export interface FindScansOptions {
  /** Ids of the scans that are wanted, without the others. @default all */
  readonly only?: readonly string[];
  /** Ids of scans that are left out. */
  readonly skip?: readonly string[];
}

/** Files that are scans, or the headers of scans whose voxels are beside them. */
const SCAN = /\.(nii|nii\.gz|hdr|nrrd|nhdr|mha|mhd|tiff?|tf8|btf|h5|hdf5?|nxs)$/i;

/** Voxels without a header: readable only where somebody says what they are. */
const BARE = /\.(raw|raw\.gz|vol|bin|img)$/i;

/** What makes a folder a scan: slices, or the documents of a Zarr group. */
const INSIDE = /(\.(tiff?|tf8|btf)|^zarr\.json|^\.zgroup|^\.zattrs)$/i;

/** What lies beside scans and is none: masks, labels, the truth of phantoms. */
const COMPANION = /(\.(mask|labels|specimen)|^truth)$/i;

/**
 * The scans of a folder, one per entry (a file, a folder of slices, an OME-Zarr), in natural order.
 * Hidden entries, masks and labels (`<id>.mask.nii.gz`, `<id>.labels/`), files of other kinds and
 * folders without images are no scans.
 *
 * Throws `NotFound` for no folder or no scans in it, `InvalidInput` for two scans of one id, for
 * bare voxels without a header, and for names that no scan has.
 */
export async function findScans(
  dir: string,
  { only, skip = [] }: FindScansOptions = {},
): Promise<FoundScan[]> {
  const entries = await readdir(dir, { withFileTypes: true }).catch((cause: unknown) => {
    throw new NotFound(`Expected a folder of scans, cannot read ${dir}: ${String(cause)}`, {
      cause,
    });
  });
  const names: string[] = [];
  for (const entry of entries.filter(({ name }) => !name.startsWith("."))) {
    const path = join(dir, entry.name);
    const scan = entry.isDirectory()
      ? (await readdir(path)).some((name) => INSIDE.test(name))
      : SCAN.test(entry.name);
    if (scan) names.push(entry.name);
  }
  const found = new Map<string, string>();
  for (const name of naturalOrder(names)) {
    const scan = scanIdOf(name);
    if (COMPANION.test(scan)) continue;
    const earlier = found.get(scan);
    if (earlier !== undefined) {
      throw new InvalidInput(`${dir}: ${earlier} and ${name} would both be scan ${scan}`);
    }
    found.set(scan, name);
  }
  const bare = entries.find(({ name }) => BARE.test(name) && !found.has(scanIdOf(name)));
  if (bare !== undefined) {
    throw new InvalidInput(
      `${join(dir, bare.name)} has no header beside it: convert it first (\`microtome convert --shape … --dtype …\`)`,
    );
  }
  if (found.size === 0) {
    throw new NotFound(`Expected scans in ${dir}, one per file or folder; there are none`);
  }
  for (const name of [...(only ?? []), ...skip]) {
    if (!found.has(name)) throw unknownScan(name, [...found.keys()]);
  }
  return [...found]
    .filter(([scan]) => only?.includes(scan) !== false && !skip.includes(scan))
    .map(([scan, name]) => ({ scan, source: join(dir, name) }));
}

/** The error for a scan that is named and not there. */
export function unknownScan(name: string, known: readonly string[]): InvalidInput {
  return new InvalidInput(
    `There is no scan ${JSON.stringify(name)}; there are: ${known.join(", ")}`,
  );
}
