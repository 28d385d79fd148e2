/** The mains of the works; see `run-work.ts`. */
export const OURS = new URL("work.ts", import.meta.url);
export const PEERS = new URL("peers.py", import.meta.url);

/** The scan of the goals: 1 GiB of 16-bit voxels. */
export const SHAPE = [512, 1024, 1024] as const;

/** Bytes of 16-bit voxels. */
export function rawBytes([z, y, x]: readonly [number, number, number]): number {
  return z * y * x * 2;
}
