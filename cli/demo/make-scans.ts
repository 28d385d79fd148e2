import { copyFile, mkdir, rename, rm, stat, truncate, writeFile } from "node:fs/promises";
import { existsSync } from "node:fs";
import { join } from "node:path";
import type { Progress } from "../../activities/deps.ts";
import { writePhantoms } from "../../activities/phantoms/write-phantoms.ts";

export const PHANTOMS = { count: 8, preset: "demo", size: 128, seed: 1 } as const;

/** The scan that arrives damaged, and its slice that does. */
export const DAMAGED = { scan: "P05", slice: "s_0071.tif" } as const;

/**
 * Make the phantom batch on disk: scans, organ labels, truth, and a batch file beside them.
 *
 * @returns the batch file's path
 */
export async function makePhantomBatch(
  dir: string,
  signal: AbortSignal,
  onProgress: (progress: Progress) => void,
): Promise<string> {
  const phantoms = join(dir, "phantoms");
  const truth = await writePhantoms({ dir: phantoms, ...PHANTOMS, signal }, onProgress);
  const file = join(dir, "phantoms.json");
  await writeJson(file, {
    batch: "phantoms",
    scans: Object.entries(truth).map(([id, { box_zyx, voxelSizeUm }]) => ({
      id,
      source: `phantoms/${id}`,
      labels: `phantoms/${id}.labels`,
      voxelSizeUm,
      truth: { box: box_zyx, mask: `phantoms/truth/${id}.specimen` },
      metadata: { specimen: "phantom fish", preset: PHANTOMS.preset },
    })),
  });
  return file;
}

/** Cut a slice of one phantom short, as an interrupted copy would; the whole one is put aside. */
export async function damage(dir: string): Promise<void> {
  const { file, aside } = damagedFiles(dir);
  if (existsSync(aside)) return;
  await mkdir(join(dir, "aside"), { recursive: true });
  await copyFile(file, `${aside}.part`);
  await rename(`${aside}.part`, aside);
  await truncate(file, Math.floor((await stat(file)).size * 0.6));
}

/** Put the whole slice back. */
export async function repair(dir: string): Promise<void> {
  const { file, aside } = damagedFiles(dir);
  if (!existsSync(aside)) return;
  await copyFile(aside, `${file}.part`);
  await rename(`${file}.part`, file);
  await rm(aside);
}

/** The batch of real micro-CT: two volumes of the qim3d package, too few to pretrain on. */
export async function makeRealBatch(
  dir: string,
  files: { readonly fly: string; readonly shell: string },
): Promise<string> {
  const file = join(dir, "real.json");
  await writeJson(file, {
    batch: "real",
    scans: [
      { id: "fly", source: files.fly, metadata: { specimen: "fly", origin: "qim3d, MIT" } },
      { id: "shell", source: files.shell, metadata: { specimen: "shell", origin: "qim3d, MIT" } },
    ],
  });
  return file;
}

export async function writeJson(file: string, value: unknown): Promise<void> {
  await writeFile(`${file}.part`, `${JSON.stringify(value, null, 2)}\n`);
  await rename(`${file}.part`, file);
}

function damagedFiles(dir: string) {
  return {
    file: join(dir, "phantoms", DAMAGED.scan, DAMAGED.slice),
    aside: join(dir, "aside", `${DAMAGED.scan}-${DAMAGED.slice}`),
  };
}
