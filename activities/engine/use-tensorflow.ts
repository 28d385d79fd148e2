import { NotFound } from "../../domain/errors.ts";
import { loadTensorFlow, type TensorFlowOptions } from "./tensorflow.ts";

/** Have TensorFlow compute in this process; `NotFound` with what to do when no addon is named. */
export async function useTensorFlow(
  addon: string | undefined,
  options: Omit<TensorFlowOptions, "addon"> = {},
): Promise<void> {
  if (addon === undefined) {
    throw new NotFound("MICROTOME_TFJS_ADDON names no TensorFlow addon: run `npm run setup`");
  }
  await loadTensorFlow({ addon, ...options });
}
