import { existsSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { cacheRoot, findPiece } from "./cache.mjs";
import { PIECES } from "./piece-names.mjs";

const CHECKOUT = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** Which variable names each piece, for programs that we start and for people who bring their own. */
const VARIABLES = {
  temporal: "TEMPORAL_CLI_PATH",
  temporalTestServer: "TEMPORAL_TEST_SERVER_PATH",
  minio: "MICROTOME_MINIO_PATH",
  tensorflowAddon: "MICROTOME_TFJS_ADDON",
  flyTif: "MICROTOME_FLY_TIF",
  shellTif: "MICROTOME_SHELL_TIF",
  testPython: "MICROTOME_TEST_PYTHON",
};

/**
 * Where the pieces are: what the environment names, else what is whole in the cache, else
 * undefined. The CUDA build of TensorFlow counts as chosen once `--gpu` brought it;
 * `MICROTOME_GPU=0` goes back to the other one.
 */
export function piecePaths(env = process.env, checkout = CHECKOUT) {
  const root = cacheRoot(env);
  const inCache = (id, ...path) => {
    const folder = findPiece(root, id);
    if (folder === undefined) return undefined;
    const file = join(folder, ...path);
    return existsSync(file) ? file : undefined;
  };
  const own = (piece) => env[VARIABLES[piece]] || undefined;
  const addon = (gpu) => inCache(PIECES.addon(gpu, root, checkout), "tfjs_binding.node");
  const gpu = env.MICROTOME_GPU !== "0" && addon(true) !== undefined;
  return {
    cacheRoot: root,
    temporal: own("temporal") ?? inCache(PIECES.temporal, "temporal"),
    temporalTestServer:
      own("temporalTestServer") ?? inCache(PIECES.temporalTestServer, "temporal-test-server"),
    minio: own("minio") ?? inCache(PIECES.minio, "minio"),
    tensorflowAddon: own("tensorflowAddon") ?? addon(gpu),
    tensorflowDir: inCache(PIECES.tensorflow(gpu), "tensorflow"),
    tensorflowBuild: gpu ? "gpu" : "cpu",
    flyTif: own("flyTif") ?? inCache(PIECES.qim3d, "fly_150x256x256.tif"),
    shellTif: own("shellTif") ?? inCache(PIECES.qim3d, "shell_225x128x128.tif"),
    testPython: own("testPython") ?? inCache(PIECES.testPython, "bin", "python"),
  };
}

/** The same paths as environment variables, for a program that we start. */
export function pieceEnvironment(env = process.env, checkout = CHECKOUT) {
  const paths = piecePaths(env, checkout);
  return Object.fromEntries(
    Object.entries(VARIABLES)
      .filter(([piece]) => paths[piece] !== undefined)
      .map(([piece, variable]) => [variable, paths[piece]]),
  );
}
