import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "vitest";
import { encodeTiff } from "../../../activities/phantoms/encode-tiff.ts";
import { python } from "./python.ts";

const READ = `
import json, sys, tifffile
with tifffile.TiffFile(sys.argv[1]) as f:
    p = f.pages[0]
    print(json.dumps({
        "pages": len(f.pages), "order": f.byteorder, "dtype": str(p.dtype), "shape": p.shape,
        "compression": int(p.compression), "unit": int(p.tags["ResolutionUnit"].value),
        "x": p.tags["XResolution"].value, "y": p.tags["YResolution"].value,
        "values": p.asarray().tolist()}))
`;

describe("encodeTiff", () => {
  let dir: string;
  beforeAll(() => {
    dir = mkdtempSync(join(tmpdir(), "encode-tiff-"));
  });
  afterAll(() => rmSync(dir, { recursive: true }));

  it("writes 16-bit slices that tifffile reads, voxel size included", () => {
    const path = join(dir, "16.tif");
    const data = Uint16Array.of(0, 1, 256, 65535, 4660, 9000);
    writeFileSync(path, encodeTiff({ width: 3, height: 2, data, pixelUm: 12.345 }));
    expect(python(READ, path)).toEqual({
      pages: 1,
      order: "<",
      dtype: "uint16",
      shape: [2, 3],
      compression: 1,
      unit: 3,
      // Pixels per centimetre: 10 000 µm over 12.345 µm.
      x: [10_000_000, 12_345],
      y: [10_000_000, 12_345],
      values: [
        [0, 1, 256],
        [65535, 4660, 9000],
      ],
    });
  });

  it("writes 8-bit slices", () => {
    const path = join(dir, "8.tif");
    const data = Uint8Array.of(0, 1, 2, 3, 254, 255);
    writeFileSync(path, encodeTiff({ width: 2, height: 3, data, pixelUm: 20 }));
    expect(python(READ, path)).toMatchObject({
      dtype: "uint8",
      values: [
        [0, 1],
        [2, 3],
        [254, 255],
      ],
    });
  });
});
