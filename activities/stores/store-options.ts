import type { StoreSettings } from "../settings.ts";
import { parseEndpoint } from "./endpoint.ts";
import type { MinioOptions } from "./minio-client.ts";

/** The options of `createMinioStore` and `ensureBucket` for a store named by its URL. */
export function storeOptions(settings: StoreSettings): MinioOptions {
  const { endpoint, ...rest } = settings;
  return { ...parseEndpoint(endpoint), ...rest };
}
