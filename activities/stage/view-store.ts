import { CorruptData } from "../../domain/errors.ts";
import type { View } from "../../domain/localization/view.ts";
import type { Output } from "../../schemas/manifest.ts";
import { keys } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { readLevel } from "../volumes/read-box.ts";
import { createVolumeWriter } from "../volumes/volume-writer.ts";
import { planesOf, writePlanes } from "../volumes/write-planes.ts";

/** Where a view's two arrays are: Zarr, like everything that is a volume. */
const prefixOf = (key: string) => `${keys.stage("suppress", key)}/view.zarr`;

/** Store a view under the key of the suppress stage that made it. */
export async function writeView(store: ObjectStore, key: string, view: View): Promise<Output[]> {
  const outputs: Output[] = [];
  for (const [name, { shape, data }] of [
    ["0", view.values],
    ["1", view.valid],
  ] as const) {
    const writer = createVolumeWriter(store, `${prefixOf(key)}/${name}`, {
      shape,
      dtype: name === "0" ? "float32" : "uint8",
    });
    outputs.push(...(await writePlanes(writer, planesOf({ shape, data }))).outputs);
  }
  return outputs;
}

/** Read a view back. */
export async function readView(
  store: ObjectStore,
  { key, bin }: { readonly key: string; readonly bin: number },
): Promise<View> {
  const values = await readLevel(store, prefixOf(key), 0);
  const valid = await readLevel(store, prefixOf(key), 1);
  if (!(values.data instanceof Float32Array) || !(valid.data instanceof Uint8Array)) {
    throw new CorruptData(`${prefixOf(key)} does not hold a view`);
  }
  return {
    values: { shape: values.shape, data: values.data },
    valid: { shape: valid.shape, data: valid.data },
    bin,
  };
}
