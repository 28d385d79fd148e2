import { UnsupportedFormat } from "../../domain/errors.ts";
import type { ScanSource, SourceSpec } from "./source.ts";

/** A MetaImage file. */
export async function openMetaImage(spec: SourceSpec, path: string): Promise<ScanSource> {
  return Promise.reject(new UnsupportedFormat(`${spec.scan}: ${path} is not read yet`));
}
