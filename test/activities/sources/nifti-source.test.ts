import { mkdtempSync, rmSync } from "node:fs";
import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import { runPython } from "../../support/run-python.ts";
import { collectVoxels } from "./collect-voxels.ts";

const folder = mkdtempSync(join(tmpdir(), "microtome-nifti-"));

const WRITE = `
import sys, numpy as np, nibabel as nib
folder = sys.argv[1]
r = np.random.default_rng(3)
affine = np.array([[0, -0.02, 0, 5], [0.01, 0, 0, -6], [0, 0, 0.03, 7], [0, 0, 0, 1.0]])
def save(name, dtype, cls=nib.Nifti1Image, endian="<", unit="mm", shape=(13, 11, 9), slope=None):
    data = r.integers(0 if np.dtype(dtype).kind == "u" else -100, 100, shape).astype(dtype)
    header = (cls.header_class)(endianness=endian)
    image = cls(data, affine, header)
    image.header.set_data_dtype(dtype)
    if unit: image.header.set_xyzt_units(unit)
    if slope: image.header.set_slope_inter(*slope)
    image.to_filename(f"{folder}/{name}")
    # x, y, z to z, y, x: the order of ours
    stored = nib.load(f"{folder}/{name}").dataobj.get_unscaled()
    np.ascontiguousarray(stored.reshape(shape[:3]).transpose(2, 1, 0)).astype(np.dtype(dtype).newbyteorder("<")).tofile(f"{folder}/{name}.raw")
for dtype in ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"]:
    save(f"{dtype}.nii", dtype)
    save(f"{dtype}-big.nii.gz", dtype, endian=">")
save("second.nii.gz", "uint16", nib.Nifti2Image)
save("second-big.nii", "int16", nib.Nifti2Image, ">")
save("micron.nii", "uint8", unit="micron")
save("unknown.nii", "uint8", unit=None)
save("four.nii", "uint8", shape=(5, 4, 3, 1))
save("scaled.nii.gz", "int16", slope=(2.0, -1000.0))
nib.Nifti1Image(np.zeros((5, 4, 3, 2), "uint8"), affine).to_filename(f"{folder}/many.nii")
nib.Nifti1Image(np.zeros((3, 3, 3)), affine).to_filename(f"{folder}/double.nii")
nib.Nifti1Image(np.zeros((3, 3), "uint8"), affine).to_filename(f"{folder}/flat.nii")
nib.Nifti1Pair(np.zeros((3, 3, 3), "uint8"), affine).to_filename(f"{folder}/pair.img")
bad = np.ones((4, 3, 2), "float32"); bad[2, 1, 1] = np.nan; bad[3, 1, 1] = np.inf
nib.Nifti1Image(bad, affine).to_filename(f"{folder}/nan.nii.gz")
`;

beforeAll(() => runPython(WRITE, folder));
afterAll(() => rmSync(folder, { recursive: true }));

const open = (name: string) => openSource({ scan: "P02", source: name }, folder);

const TYPES = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];
it.each([
  ...TYPES.flatMap((dtype) => [
    [`${dtype}.nii`, dtype],
    [`${dtype}-big.nii.gz`, dtype],
  ]),
  ["second.nii.gz", "uint16"],
  ["second-big.nii", "int16"],
  ["scaled.nii.gz", "int16"],
])("reads %s as %s, as nibabel stored it", async (name, dtype) => {
  const source = await open(name);
  expect(source).toMatchObject({ format: "nifti", shape: [9, 11, 13], dtype });
  expect(source.voxelSizeUm).toEqual([30, 20, 10]);
  expect(
    Buffer.compare(await collectVoxels(source), await readFile(join(folder, `${name}.raw`))),
  ).toBe(0);
});

it("takes micrometres for micrometres, and says when it had to guess the unit", async () => {
  expect((await open("micron.nii")).voxelSizeUm).toEqual([0.03, 0.02, 0.01]);
  const guessed = await open("unknown.nii");
  expect(guessed.voxelSizeUm).toEqual([30, 20, 10]);
  expect(guessed.origin["unitKnown"]).toBe(false);
});

it("records slope and intercept, and leaves the voxels as they are stored", async () => {
  expect((await open("scaled.nii.gz")).origin).toMatchObject({ slope: 2, intercept: -1000 });
});

it("accepts a fourth axis of one", async () => {
  expect((await open("four.nii")).shape).toEqual([3, 4, 5]);
});

it.each([
  ["many.nii", "UnsupportedFormat", /P02 \(many\.nii\) has 2 volumes along a fourth axis/],
  ["double.nii", "UnsupportedFormat", /double\.nii\) holds float64/],
  ["flat.nii", "UnsupportedFormat", /flat\.nii\) has 2 axes, expected 3/],
  ["pair.hdr", "UnsupportedFormat", /pair\.hdr\) is a pair of \.hdr and \.img/],
])("refuses %s", async (name, tag, message) => {
  await expect(open(name)).rejects.toMatchObject({
    name: tag,
    message: expect.stringMatching(message) as string,
  });
});

it("names the plane, the number and the first of voxels that are not finite", async () => {
  await expect(collectVoxels(await open("nan.nii.gz"))).rejects.toMatchObject({
    name: "CorruptData",
    message:
      "P02: plane 2 of 2 (nan.nii.gz): 2 of 12 voxels are not finite, the first (NaN) at y=1, x=2",
  });
});

it("finds a compressed file that was cut, wherever", async () => {
  const whole = await readFile(join(folder, "uint16-big.nii.gz"));
  for (const length of [0, 5, 200, whole.length - 400, whole.length - 9, whole.length - 1]) {
    await writeFile(join(folder, "cut.nii.gz"), whole.subarray(0, length));
    const read = async () => collectVoxels(await open("cut.nii.gz"));
    await expect(read(), String(length)).rejects.toMatchObject({
      name: "CorruptData",
      message: expect.stringContaining("P02 (cut.nii.gz)") as string,
    });
  }
});

it("finds a bit that flipped in a compressed file, by its checksum", async () => {
  const whole = await readFile(join(folder, "int32.nii"));
  const packed = gzipSync(whole, { level: 0 });
  packed[packed.length - 100]! ^= 4;
  await writeFile(join(folder, "flipped.nii.gz"), packed);
  await expect(open("flipped.nii.gz").then(collectVoxels)).rejects.toMatchObject({
    name: "CorruptData",
  });
});

it("finds a file that is shorter than its header says, before it reads", async () => {
  const whole = await readFile(join(folder, "uint16.nii"));
  await writeFile(join(folder, "short.nii"), whole.subarray(0, whole.length - 1));
  await expect(open("short.nii")).rejects.toMatchObject({
    name: "CorruptData",
    message: `P02 (short.nii) is truncated: [9,11,13] voxels of uint16 need ${whole.length} bytes but the file has ${whole.length - 1}`,
  });
});

it("allocates nothing for a header that lies", async () => {
  const whole = await readFile(join(folder, "uint8.nii"));
  for (const [x, y, z] of [
    [32767, 32767, 32767],
    [-4, 11, 9],
    [0, 1, 1],
  ] as const) {
    const lie = Buffer.from(whole);
    lie.writeInt16LE(x, 42);
    lie.writeInt16LE(y, 44);
    lie.writeInt16LE(z, 46);
    await writeFile(join(folder, "lie.nii"), lie);
    await writeFile(join(folder, "lie.nii.gz"), gzipSync(lie));
    await expect(open("lie.nii")).rejects.toMatchObject({ name: "CorruptData" });
    await expect(open("lie.nii.gz")).rejects.toMatchObject({ name: "CorruptData" });
  }
});
