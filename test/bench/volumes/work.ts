import { randomFillSync } from "node:crypto";
import { open, readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { performance } from "node:perf_hooks";
import { inParallel } from "../../../activities/volumes/in-parallel.ts";
import type { SourceSpec } from "../../../activities/sources/source.ts";
import { createDirectoryStore } from "../../../activities/stores/directory-store.ts";
import { createMinioClient, type MinioOptions } from "../../../activities/stores/minio-client.ts";
import { createMinioStore } from "../../../activities/stores/minio-store.ts";
import { components } from "../../../domain/volumes/components.ts";
import { halvePlanes } from "../../../domain/volumes/pyramid.ts";
import type { Box, Zyx } from "../../../domain/volumes/shape.ts";
import type { VolumeRef } from "../../../schemas/volume.ts";
import { convert, crop } from "./ours.ts";

// `work.ts NAME INPUT`: one of our works in a process of its own; see `run-work.ts`.

export type StoreSpec = { readonly root: string } | { readonly minio: MinioOptions };

const openStore = (spec: StoreSpec) =>
  "root" in spec ? createDirectoryStore(spec) : createMinioStore(spec.minio);

/**
 * Each prepares, and gives the function that is timed; what that gives goes into the result (of a
 * function, what it gives when the time is taken).
 */
const WORKS = {
  async convert(input: { store: StoreSpec; source: SourceSpec; key: string }) {
    const store = openStore(input.store);
    return async () => ({ volume: await convert(store, input.source, input.key) });
  },

  async crop(input: { root: string; volume: VolumeRef; box: Box; key: string; durable: boolean }) {
    const store = createDirectoryStore(input);
    return async () => {
      await crop(store, input.volume, input.box, input.key);
      if (input.durable) await syncFolder(join(input.root, "crops", `${input.key}.zarr`));
    };
  },

  /** What the object store takes when nobody computes: objects of these sizes, 8 at once. */
  async puts(input: { minio: MinioOptions; prefix: string; sizes: readonly number[] }) {
    const client = createMinioClient(input.minio);
    const bytes = randomFillSync(Buffer.alloc(Math.max(...input.sizes)));
    return () =>
      inParallel([...input.sizes.entries()], 8, async ([i, size]) => {
        const body = bytes.subarray(0, size);
        await client.putObject(input.minio.bucket, `${input.prefix}/${i}`, body, size);
      });
  },

  async mean({ file, shape: [z, y, x] }: { file: string; shape: Zyx }) {
    const voxels = new Uint16Array((await readFile(file)).buffer);
    const plane = y * x;
    const half = Math.ceil(y / 2) * Math.ceil(x / 2);
    return () => {
      const out = new Uint16Array(Math.ceil(z / 2) * half);
      for (let k = 0; k < z; k += 2) {
        const [a, b] = [0, 1].map((d) => voxels.subarray((k + d) * plane, (k + d + 1) * plane));
        const to = out.subarray((k / 2) * half, (k / 2 + 1) * half);
        halvePlanes(a!, k + 1 < z ? b : undefined, y, x, to, "mean");
      }
      return () => ({ checksum: checksum(out) });
    };
  },

  async components({ file, shape }: { file: string; shape: Zyx }) {
    const data = new Uint8Array(await readFile(file));
    return () => {
      const { sizes } = components({ shape, data });
      return () => ({ count: sizes.length - 1 });
    };
  },
};

/** To see that both sides computed the same. */
function checksum(voxels: Uint16Array): number {
  let sum = 0;
  for (const voxel of voxels) sum += voxel;
  return sum;
}

/** Until all files below are on the disk, not only in the system's memory. */
async function syncFolder(folder: string): Promise<void> {
  for (const entry of await readdir(folder, { withFileTypes: true, recursive: true })) {
    if (!entry.isFile()) continue;
    const file = await open(join(entry.parentPath, entry.name));
    await file.sync();
    await file.close();
  }
}

async function peakBytes(): Promise<number> {
  const status = await readFile("/proc/self/status", "utf8");
  return Number(/^VmHWM:\s+(\d+)/m.exec(status)![1]) * 1024;
}

const [name, input] = process.argv.slice(2) as [keyof typeof WORKS, string];
const timed = await WORKS[name](JSON.parse(input) as never);
const before = process.cpuUsage();
const began = performance.now();
const result = await timed();
const seconds = (performance.now() - began) / 1000;
const { user, system } = process.cpuUsage(before);
const cpuSeconds = (user + system) / 1e6;
const peak = await peakBytes();
const more = typeof result === "function" ? result() : (result ?? {});
process.stdout.write(`${JSON.stringify({ ...more, seconds, cpuSeconds, peakBytes: peak })}\n`);
