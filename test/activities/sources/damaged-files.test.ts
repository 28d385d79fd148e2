import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import { isDomainError } from "../../../domain/errors.ts";
import { createRandom } from "../../../domain/random.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { niftiBytes } from "../../../activities/volumes/nifti-bytes.ts";
import { collectVoxels } from "./collect-voxels.ts";
import { tiffBytes } from "./tiff-bytes.ts";

const pixels = Uint8Array.from({ length: 96 }, (_, i) => (i * 5) & 255);
const nifti = Buffer.concat([
  niftiBytes({
    shape: [4, 6, 4],
    dtype: "uint8",
    voxelSizeUm: [1, 1, 1],
    origin: undefined,
    placement: { scale: 1, shift: [0, 0, 0] },
    signal: undefined,
  }).header,
  pixels,
]);
const nrrd = Buffer.concat([
  Buffer.from(
    "NRRD0004\ntype: uchar\ndimension: 3\nsizes: 4 6 4\nencoding: raw\nspace directions: (1,0,0) (0,1,0) (0,0,1)\n\n",
  ),
  pixels,
]);

/** Change, insert, remove or cut some bytes. */
function damage(bytes: Buffer, random: ReturnType<typeof createRandom>): Buffer {
  let out = Buffer.from(bytes);
  for (let n = 1 + random.int(4); n > 0; n--) {
    const at = random.int(out.length);
    const kind = random.int(8);
    if (kind < 4) out[at] = [0, 255, 127, 128, random.int(256)][random.int(5)]!;
    else if (kind < 6 && at + 4 < out.length) out.writeUInt32LE(random.int(2 ** 32), at);
    else if (kind === 6)
      out = Buffer.concat([out.subarray(0, at), out.subarray(at + 1 + random.int(3))]);
    else out = out.subarray(0, at + 1);
  }
  return out;
}

it.each([
  ["x.tif", tiffBytes(pixels, 12, 8, { pages: 3 })],
  [
    "x.tif",
    tiffBytes(pixels, 12, 8, {
      change: [
        [273, 4, [8, 32, 56, 80]],
        [278, 4, [2]],
        [279, 4, [24, 24, 24, 24]],
      ],
    }),
  ],
  [
    "x.tif",
    tiffBytes(deflateSync(pixels), 12, 8, {
      change: [
        [258, 3, [8]],
        [259, 3, [8]],
        [317, 3, [2]],
      ],
    }),
  ],
  [
    "x.tif",
    tiffBytes(Buffer.from("800008040201008040201008", "hex"), 12, 8, {
      change: [
        [258, 3, [8]],
        [259, 3, [5]],
      ],
    }),
  ],
  ["x.nii", nifti],
  ["x.nii.gz", gzipSync(nifti)],
  ["x.nrrd", nrrd],
] as [string, Buffer][])(
  "reads a damaged %s or says what is wrong, and does nothing else (%#)",
  async (name, bytes) => {
    const folder = await temporaryFolder();
    const random = createRandom(11, name);
    let refused = 0;
    for (let i = 0; i < 400; i++) {
      const damaged = damage(bytes, random);
      await writeFile(join(folder, name), damaged);
      const failure: unknown = await openSource({ scan: "P08", source: name }, folder)
        .then(collectVoxels)
        .then(
          () => undefined,
          (error: unknown) => error,
        );
      if (failure === undefined) continue;
      refused++;
      expect(
        isDomainError(failure),
        `${String((failure as Error).stack)} ${damaged.toString("hex")}`,
      ).toBe(true);
      expect((failure as Error).message).toContain("P08");
    }
    expect(refused).toBeGreaterThan(40);
  },
);
