import type { PretrainedEncoder } from "../../domain/pretexts/encoder-file.ts";
import { exportableEncoder } from "./exportable-encoder.ts";
import { toOnnx } from "./to-onnx.ts";
import { toSavedModel } from "./to-saved-model.ts";

/** What other programs read. */
export const ENCODER_FORMATS = ["onnx", "saved-model"] as const;

export type EncoderFormat = (typeof ENCODER_FORMATS)[number];

/**
 * A published encoder, without its head, as the files of a format by their names: `encoder.onnx`, or
 * those of a folder `saved_model/`. See `toOnnx` and `toSavedModel`.
 *
 * Needs TensorFlow to compute (`loadTensorFlow`).
 */
export function exportEncoder(
  encoder: PretrainedEncoder,
  format: EncoderFormat,
): ReadonlyMap<string, Uint8Array> {
  const exported = exportableEncoder(encoder);
  if (format === "onnx") return new Map([["encoder.onnx", toOnnx(exported)]]);
  return new Map(
    [...toSavedModel(exported)].map(([name, bytes]) => [`saved_model/${name}`, bytes]),
  );
}
