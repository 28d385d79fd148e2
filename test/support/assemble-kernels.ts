import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import wabt from "wabt";

const FOLDER = new URL("../../activities/volumes/kernels/", import.meta.url);

/** The module that the text of the kernels becomes. */
export async function assembleKernels(): Promise<Buffer> {
  const name = "voxel-kernels.wat";
  const text = await readFile(new URL(name, FOLDER), "utf8");
  const parsed = (await wabt()).parseWat(name, text, { simd: true });
  try {
    parsed.validate();
    return Buffer.from(parsed.toBinary({}).buffer);
  } finally {
    parsed.destroy();
  }
}

/** Where the module lies, in base64, for those who run the kernels. */
export const KERNELS_MODULE = fileURLToPath(new URL("voxel-kernels-wasm.ts", FOLDER));
