import { UnsupportedFormat } from "../../domain/errors.ts";
import type { ScanSource, SourceSpec } from "./source.ts";

/** An HDF5 file. */
export async function openHdf5(spec: SourceSpec, path: string): Promise<ScanSource> {
  return Promise.reject(new UnsupportedFormat(`${spec.scan}: ${path} is not read yet`));
}
