import { existsSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { buildPiece } from "./cache.mjs";
import { PIECES, tensorflowPackage } from "./piece-names.mjs";
import { VERSIONS } from "./versions.mjs";
import { downloadWheel, dropWheel, extractWheel, readMetadata } from "./wheel.mjs";

const LIBRARIES = new Set([
  "tensorflow/libtensorflow_cc.so.2",
  "tensorflow/libtensorflow_framework.so.2",
]);
const HEADERS =
  /^tensorflow\/include\/(?:tensorflow\/c\/|tensorflow\/core\/platform\/ctstring|tsl\/|xla\/tsl\/)/;
/** The libraries, and of nvcc what compiles kernels at run time. */
const CUDA = /^nvidia\/(?:.*\.so[.\d]*|cuda_nvcc\/(?:bin|nvvm)\/.*)$/;
const OLD_HEADER = "include/tensorflow/core/platform/ctstring_internal.h";

/**
 * TensorFlow's C library and headers, out of PyPI's wheel. With `gpu` also the CUDA libraries that
 * this wheel names, beside it, where its run path looks for them (`$ORIGIN/../nvidia/*`).
 */
export async function bringTensorFlow(context) {
  const { root, gpu } = context;
  const name = tensorflowPackage(gpu);
  await buildPiece(root, PIECES.tensorflow(gpu), async (draft) => {
    const wheel = await downloadWheel(context, name, VERSIONS.tensorflow);
    const wanted = (member) => LIBRARIES.has(member) || HEADERS.test(member);
    await extractWheel(context, wheel, draft, wanted);
    forwardOldHeader(join(draft, "tensorflow"));
    if (gpu) await bringCuda(context, await readMetadata(wheel, draft), draft);
    dropWheel(root, name, VERSIONS.tensorflow);
  });
  return `${VERSIONS.tensorflow}${gpu ? " (CUDA)" : ""}`;
}

/** tfjs includes a path that newer TensorFlows may leave out; it only ever forwarded to this one. */
function forwardOldHeader(folder) {
  const old = join(folder, OLD_HEADER);
  if (existsSync(old)) return;
  const moved = ["tsl/platform", "xla/tsl/platform"]
    .map((place) => `${place}/ctstring_internal.h`)
    .find((path) => existsSync(join(folder, "include", path)));
  if (moved === undefined) return;
  mkdirSync(dirname(old), { recursive: true });
  writeFileSync(old, `#include "${moved}"\n`);
}

async function bringCuda(context, metadata, draft) {
  const requirement =
    /^Requires-Dist: (nvidia-[\w-]+) ?\(?([^;)]*)\)?;.*extra == ["']and-cuda["']/gm;
  for (const [, name, specifier] of metadata.matchAll(requirement)) {
    const version = /(?:>=|==)\s*([\w.]+)/.exec(specifier)?.[1];
    if (version === undefined) continue;
    const wheel = await downloadWheel(context, name, version);
    await extractWheel(context, wheel, draft, (member) => CUDA.test(member));
    dropWheel(context.root, name, version);
  }
}
