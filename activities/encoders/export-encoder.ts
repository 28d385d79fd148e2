import type { PretrainedEncoder } from "../../domain/pretexts/encoder-file.ts";
import type { EncoderFormat } from "./encoder-format.ts";
import { exportableEncoder } from "./exportable-encoder.ts";
import { toOnnx } from "./to-onnx.ts";
import { toSavedModel } from "./to-saved-model.ts";

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
