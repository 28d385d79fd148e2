import { existsSync } from "node:fs";
import { join } from "node:path";
import { findPiece } from "./cache.mjs";
import { bringMinio } from "./minio.mjs";
import { bringNodeModules, nodeModulesFit } from "./node-modules.mjs";
import { PIECES } from "./piece-names.mjs";
import { bringScans } from "./qim3d.mjs";
import { bringTemporal, bringTemporalTestServer } from "./temporal.mjs";
import { bringTensorFlow } from "./tensorflow.mjs";
import { bringAddon } from "./tensorflow-addon.mjs";
import { bringTestPython } from "./test-python.mjs";

const inCache =
  (id, file) =>
  ({ root, gpu, checkout }) => {
    const folder = findPiece(root, typeof id === "function" ? id(gpu, root, checkout) : id);
    return folder !== undefined && existsSync(join(folder, file));
  };

/**
 * What the set-up can bring: `key` (for `--only` and `--with`), a name for people, how to see that
 * it is there, how to bring it, the variable that replaces it, the pieces it waits for, and the MB
 * that it takes in the cache at its peak. Those with `extra` come only when asked for. The order is
 * the order of the lines on the screen.
 */
export const TABLE = [
  {
    key: "node-modules",
    name: "node modules",
    isPresent: ({ checkout }) => nodeModulesFit(checkout),
    bring: bringNodeModules,
    megabytes: () => 0, // in the checkout
  },
  {
    key: "temporal",
    name: "Temporal CLI",
    variable: "TEMPORAL_CLI_PATH",
    isPresent: inCache(PIECES.temporal, "temporal"),
    bring: bringTemporal,
    megabytes: () => 300,
  },
  {
    key: "temporal-test-server",
    name: "Temporal test server",
    variable: "TEMPORAL_TEST_SERVER_PATH",
    isPresent: inCache(PIECES.temporalTestServer, "temporal-test-server"),
    bring: bringTemporalTestServer,
    megabytes: () => 150,
  },
  {
    key: "minio",
    name: "MinIO",
    variable: "MICROTOME_MINIO_PATH",
    isPresent: inCache(PIECES.minio, "minio"),
    bring: bringMinio,
    megabytes: () => 2800,
  },
  {
    key: "tensorflow",
    name: "TensorFlow libraries",
    variable: "MICROTOME_TFJS_ADDON",
    isPresent: inCache(PIECES.tensorflow, "tensorflow/libtensorflow_cc.so.2"),
    bring: bringTensorFlow,
    megabytes: ({ gpu }) => (gpu ? 8000 : 1400),
  },
  {
    key: "tensorflow-addon",
    name: "TensorFlow addon",
    variable: "MICROTOME_TFJS_ADDON",
    isPresent: inCache(PIECES.addon, "tfjs_binding.node"),
    bring: bringAddon,
    after: ["node-modules", "tensorflow"],
    megabytes: () => 5,
  },
  {
    key: "qim3d",
    name: "scans for the demo",
    extra: true,
    isPresent: inCache(PIECES.qim3d, "fly_150x256x256.tif"),
    bring: bringScans,
    megabytes: () => 40,
  },
  {
    key: "test-python",
    name: "Python for the tests",
    extra: true,
    variable: "MICROTOME_TEST_PYTHON",
    isPresent: inCache(PIECES.testPython, "bin/python"),
    bring: bringTestPython,
    megabytes: () => 700,
  },
];
