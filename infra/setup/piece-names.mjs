import { createHash } from "node:crypto";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { ADDON_FLAGS, TEST_PACKAGES, VERSIONS } from "./versions.mjs";

/** The folder that each piece has in the cache. What changes a piece changes its folder's name. */
export const PIECES = {
  temporal: `temporal-${VERSIONS.temporal}`,
  temporalTestServer: `temporal-test-server-${VERSIONS.temporalTestServer}`,
  minio: `minio-${VERSIONS.minio}`,
  tensorflow: (gpu) => `${tensorflowPackage(gpu)}-${VERSIONS.tensorflow}`,
  /** Compiled against one unpacked TensorFlow, whose place is built into it. */
  addon: (gpu, root, checkout) =>
    `tfjs-addon-${gpu ? "gpu" : "cpu"}-${fingerprint([nodeGpuVersion(checkout), ...ADDON_FLAGS, root, PIECES.tensorflow(gpu)])}`,
  qim3d: `qim3d-${VERSIONS.qim3d}`,
  testPython: `test-python-${fingerprint([...TEST_PACKAGES, process.arch])}`,
};

export function tensorflowPackage(gpu) {
  return gpu ? "tensorflow" : "tensorflow-cpu";
}

/** Of the package whose C++ sources become the addon; "none" before `npm ci`. */
function nodeGpuVersion(checkout) {
  try {
    const file = join(checkout, "node_modules/@tensorflow/tfjs-node-gpu/package.json");
    return JSON.parse(readFileSync(file, "utf8")).version;
  } catch {
    return "none";
  }
}

function fingerprint(parts) {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, 12);
}
