import { createHash } from "node:crypto";
import type { Output } from "../../schemas/manifest.ts";
import type { ObjectStore } from "../deps.ts";

/** Store bytes, and say of them what a manifest promises. */
export async function putObject(
  store: ObjectStore,
  key: string,
  bytes: Uint8Array,
): Promise<Output> {
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  await store.put(key, bytes);
  return { key, bytes: bytes.length, sha256 };
}
