import { loadTensorFlow } from "../../activities/engine/tensorflow.ts";
import { addonPath } from "../activities/engine/addon.ts";

/** Compute on the real TensorFlow from here on, as jobs do. */
export async function useTensorFlow() {
  return loadTensorFlow({ addon: await addonPath() });
}
