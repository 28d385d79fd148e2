import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { TensorMetadata, TFJSBinding } from "@tensorflow/tfjs-node-gpu/dist/tfjs_binding.js";
import { encodeSavedModel, type GraphNode, TAG } from "./saved-model-message.ts";

/** A graph that TensorFlow has loaded, with the variables in it. */
export interface Session {
  /**
   * Run what the fetches need. Feeds and fetches are names of outputs; feeds hold numbers of
   * tensors, which stay the caller's, as those given back become the caller's.
   */
  run(feeds: readonly (readonly [string, number])[], fetches: readonly string[]): TensorMetadata[];
  dispose(): void;
}

/** Load a graph. TensorFlow reads it from a folder, which is gone afterwards. */
export function createSession(binding: TFJSBinding, nodes: readonly GraphNode[]): Session {
  const folder = mkdtempSync(join(tmpdir(), "microtome-graph-"));
  let id: number;
  try {
    writeFileSync(join(folder, "saved_model.pb"), encodeSavedModel(nodes, binding.TF_Version));
    id = binding.loadSavedModel(folder, TAG);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
  return {
    run: (feeds, fetches) =>
      binding.runSavedModel(
        id,
        feeds.map(([, tensor]) => tensor),
        feeds.map(([name]) => name).join(),
        fetches.join(),
      ),
    dispose: () => binding.deleteSavedModel(id),
  };
}
