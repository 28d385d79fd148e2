import type { View } from "../../domain/localization/view.ts";

/**
 * The same views in memory that threads share. What is shared already stays where it is; the rest is
 * copied once, and whoever holds the old views should let go of them.
 */
export function shareViews(views: readonly View[]): readonly View[] {
  return views.map(({ values, valid, bin }) => ({
    values: { shape: values.shape, data: shared(values.data, Float32Array) },
    valid: { shape: valid.shape, data: shared(valid.data, Uint8Array) },
    bin,
  }));
}

function shared<T extends Float32Array | Uint8Array>(
  data: T,
  Kind: new (buffer: SharedArrayBuffer) => T,
): T {
  if (data.buffer instanceof SharedArrayBuffer) return data;
  const copy = new Kind(new SharedArrayBuffer(data.byteLength));
  copy.set(data);
  return copy;
}
