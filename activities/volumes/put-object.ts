import type { Output } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";
import { sha256 } from "../stage/content-key.ts";

/** Store bytes, and say of them what a manifest promises. @param digest their sha256, where it is known */
export async function putObject(
  store: ObjectStore,
  key: string,
  bytes: Uint8Array,
  digest?: string,
): Promise<Output> {
  await store.put(key, bytes, digest);
  return { key, bytes: bytes.length, sha256: digest ?? sha256(bytes) };
}
