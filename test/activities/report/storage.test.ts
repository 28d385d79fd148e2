import { describe, expect, test } from "vitest";
import { formatCount } from "../../../activities/report/format.ts";
import { storageLine } from "../../../activities/report/render-storage.ts";
import {
  describeRetained,
  savedShare,
  scanStorage,
  totalStorage,
} from "../../../activities/report/storage.ts";
import type { ScanStatus } from "../../../schemas/result.ts";

const scan: ScanStatus = {
  ...{ scan: "A", state: "settled", outcome: "cropped", volumeBytes: 1000, cropBytes: 300 },
  box: [[10, 30], [0, 10], [5, 15]], // prettier-ignore
  margin: [[2, 3], [1, 1], [0, 0]], // prettier-ignore
  volumeStored: { level0Bytes: 1000, bytes: 1150, objects: 20, level0Objects: 12 },
  cropStored: { level0Bytes: 300, bytes: 345, objects: 8, level0Objects: 4 },
  prepared: {
    ...{ scan: "A", shapes: [[40, 12, 20]] },
    volume: { digest: "a".repeat(64), shape: [40, 12, 20], dtype: "uint8", voxelSizeUm: [1, 1, 1] },
    view: { key: "b".repeat(64), level: 0, bin: 2, shape: [20, 6, 10], container: "none" },
  },
};

describe("what cropping saves of a scan", () => {
  test("is counted in voxels of box and margin, in bytes and in objects", () => {
    // z 8–33, y 0–11 (the margin ends at the volume), x 5–15.
    expect(scanStorage(scan)).toEqual({
      voxels: { before: 9600, after: 25 * 11 * 10 },
      bytes: { before: 1000, after: 300 },
      allBytes: { before: 1150, after: 345 },
      objects: { before: 20, after: 8 },
    });
  });

  test("of an earlier version's result is what it tells", () => {
    const { volumeStored: _v, cropStored: _c, ...early } = scan;
    expect(scanStorage(early)).toEqual({
      voxels: { before: 9600, after: 2750 },
      bytes: { before: 1000, after: 300 },
    });
    const { objects: _o, ...uncounted } = scan.volumeStored!;
    expect(scanStorage({ ...scan, volumeStored: uncounted })).not.toHaveProperty("objects");
  });

  test("is nothing where it was not cropped", () => {
    expect(scanStorage({ ...scan, outcome: "kept-whole" })).toBeUndefined();
    expect(scanStorage({ scan: "B", state: "waiting" })).toBeUndefined();
  });

  test("reads as one line", () => {
    expect(storageLine(scanStorage(scan)!)).toBe(
      "71 % of the voxels · 70 % of the bytes (1.00 kB whole, 300 B cropped) · 60 % of the objects (20, 8)",
    );
  });
});

test("the total is the sum over the scans that tell, for each way", () => {
  const early = { bytes: { before: 10, after: 20 } };
  expect(totalStorage([scanStorage(scan), undefined, early])).toEqual({
    ...scanStorage(scan),
    bytes: { before: 1010, after: 320 },
  });
  expect(totalStorage([undefined])).toBeUndefined();
  expect(savedShare({ before: 10, after: 20 })).toBe(-1);
  expect(savedShare({ before: 0, after: 0 })).toBe(0);
});

test("says where the whole volume is", () => {
  expect(describeRetained({ state: "quarantined", until: "2026-12-24T01:02:03Z" })).toBe(
    "in quarantine until 2026-12-24",
  );
  expect(describeRetained({ state: "kept", reason: "X keeps it" })).toBe("kept: X keeps it");
  expect(describeRetained({ state: "purged" })).toBe("purged");
});

test.each([
  [0, "0"],
  [812, "812"],
  [9999, "9999"],
  [14_210, "14.2 thousand"],
  [999_600, "1.00 million"],
  [1_073_741_824, "1.07 billion"],
  [8e15, "8000 trillion"],
])("%d is %s", (count, text) => {
  expect(formatCount(count)).toBe(text);
});
