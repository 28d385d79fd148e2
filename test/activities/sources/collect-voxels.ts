import type { ScanSource } from "../../../activities/sources/source.ts";

/** All voxels of a source as bytes in native order. */
export async function collectVoxels(source: ScanSource): Promise<Buffer> {
  const planes: Buffer[] = [];
  for await (const plane of source.planes()) {
    planes.push(Buffer.from(new Uint8Array(plane.buffer, plane.byteOffset, plane.byteLength)));
  }
  return Buffer.concat(planes);
}
