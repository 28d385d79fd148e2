import { keys } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";

/** The bytes of a published encoder, for `openEncoder`; undefined where there is none of this key. */
export function findEncoder(store: ObjectStore, key: string): Promise<Uint8Array | undefined> {
  return store.get(`${keys.encoder(key)}/encoder.bin`);
}
