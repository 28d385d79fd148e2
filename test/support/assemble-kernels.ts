import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import wabt from "wabt";

const FOLDER = new URL("../../activities/volumes/kernels/", import.meta.url);

/** SIMD, and memory that threads share. */
const FEATURES = { simd: true, threads: true } as const;

/** The texts of kernels, each with the name of the constant that holds its module in base64. */
export const KERNEL_TEXTS = {
  "voxel-kernels": "VOXEL_KERNELS",
  "halve-kernels": "HALVE_KERNELS",
} as const;

export type KernelText = keyof typeof KERNEL_TEXTS;

/** The module that a text of kernels becomes. */
export async function assembleKernels(name: KernelText): Promise<Buffer> {
  const text = await readFile(new URL(`${name}.wat`, FOLDER), "utf8");
  const parsed = (await wabt()).parseWat(`${name}.wat`, text, FEATURES);
  try {
    // Its types know of no options; without, memory may not be shared.
    (parsed.validate as (features: typeof FEATURES) => void).call(parsed, FEATURES);
    return Buffer.from(parsed.toBinary({}).buffer);
  } finally {
    parsed.destroy();
  }
}

/** Where the module lies, in base64, for those who run the kernels. */
export function kernelsModule(name: KernelText): string {
  return fileURLToPath(new URL(`${name}-wasm.ts`, FOLDER));
}
