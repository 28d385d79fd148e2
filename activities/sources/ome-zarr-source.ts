import { UnsupportedFormat } from "../../domain/errors.ts";
import type { ScanSource, SourceSpec } from "./source.ts";

/** An OME-Zarr image. */
export async function openOmeZarr(spec: SourceSpec, path: string): Promise<ScanSource> {
  return Promise.reject(new UnsupportedFormat(`${spec.scan}: ${path} is not read yet`));
}
