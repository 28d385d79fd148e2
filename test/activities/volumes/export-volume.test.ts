import { existsSync } from "node:fs";
import { mkdir, readdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { ObjectStore } from "../../../activities/deps.ts";
import { openSource } from "../../../activities/sources/open-source.ts";
import { createDirectoryStore } from "../../../activities/stores/directory-store.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { describeVolume } from "../../../activities/volumes/describe-volume.ts";
import { exportPath, exportVolume } from "../../../activities/volumes/export-volume.ts";
import { readLevel } from "../../../activities/volumes/read-box.ts";
import { createVolumeWriter } from "../../../activities/volumes/volume-writer.ts";
import { writePyramid } from "../../../activities/volumes/write-pyramid.ts";
import type { Box, Zyx } from "../../../domain/volumes/shape.ts";
import { randomVoxels, writeVolume } from "../../support/random-volume.ts";
import { runPython } from "../../support/run-python.ts";
import { noSharedData, sharedFile } from "../../support/shared-data.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { collectVoxels } from "../sources/collect-voxels.ts";

const P = "volumes/x.zarr";
const reader = await readFile(new URL("../../support/read-zarr.py", import.meta.url), "utf8");

/** Bring a file into a store as ingest does. */
async function ingest(store: ObjectStore, source: string, prefix = P): Promise<void> {
  const scan = await openSource({ scan: "P07", source }, "/");
  const writer = createVolumeWriter(store, `${prefix}/0`, scan);
  for await (const plane of scan.planes()) await writer.writePlane(plane);
  await writer.close();
  const { shapes } = await writePyramid(store, prefix, "mean");
  await describeVolume(store, prefix, {
    name: "P07",
    dtype: scan.dtype,
    voxelSizeUm: scan.voxelSizeUm ?? [1, 1, 1],
    shapes,
    downsampling: "mean",
    origin: scan.origin,
  });
}

/** For every three arguments: the source, what was exported of it, and the box (or null). */
const COMPARE = `
import sys, json, numpy as np, nibabel as nib
def compare(source, exported, box):
    a, b = nib.load(source), nib.load(exported)
    (z0, z1), (y0, y1), (x0, x1) = box or [[0, n] for n in a.shape[:3][::-1]]
    one, two = a.dataobj.get_unscaled(), b.dataobj.get_unscaled()
    assert type(a) is type(b) and one.dtype == two.dtype, (type(b), one.dtype, two.dtype)
    assert (one.reshape(one.shape[:3])[x0:x1, y0:y1, z0:z1] == two).all()
    for name in ["get_qform", "get_sform"]:
        if not getattr(a.header, name)(coded=True)[1]: continue
        expected = getattr(a.header, name)() @ np.array([[1, 0, 0, x0], [0, 1, 0, y0], [0, 0, 1, z0], [0, 0, 0, 1]])
        assert np.allclose(getattr(b.header, name)(), expected, atol=1e-5), (name, expected, getattr(b.header, name)())
    kept = [k for k in a.header.keys() if k not in ("dim", "vox_offset", "magic") and not k.startswith(("qoffset", "srow"))]
    changed = [k for k in kept if not np.array_equal(a.header[k], b.header[k], equal_nan=a.header[k].dtype.kind == "f")]
    assert not changed, changed
for i in range(1, len(sys.argv), 3):
    compare(sys.argv[i], sys.argv[i + 1], json.loads(sys.argv[i + 2]))
print("same")
`;

it.skipIf(noSharedData).each([
  ["whole", undefined],
  [
    "cropped",
    [
      [20, 101],
      [7, 90],
      [33, 40],
    ],
  ],
] as [string, Box | undefined][])("gives a real mouse head back as NIfTI, %s", async (_, box) => {
  const store = createMemoryStore();
  const source = sharedFile("mouse_heads/targets/A_J_.nii.gz");
  await ingest(store, source);
  const to = exportPath(await temporaryFolder(), "A_J_", "nifti");
  const fractions: number[] = [];
  await exportVolume(store, P, {
    format: "nifti",
    to,
    ...(box && { box }),
    onProgress: (f) => fractions.push(f),
  });
  expect(to).toMatch(/A_J_\.nii\.gz$/);
  expect(await runPython(COMPARE, source, to, JSON.stringify(box ?? null))).toContain("same");
  expect(fractions.at(-1)).toBe(1);
});

it("gives NIfTI of every kind back: both versions, orders, affines that are not straight, slopes", async () => {
  const folder = await temporaryFolder();
  await runPython(
    `import sys, numpy as np, nibabel as nib
r = np.random.default_rng(1)
t = 0.4
rotation = np.array([[np.cos(t), -np.sin(t), 0], [np.sin(t), np.cos(t), 0], [0, 0, 1]]) @ np.array([[1, 0, 0], [0, np.cos(t), -np.sin(t)], [0, np.sin(t), np.cos(t)]])
affine = np.eye(4); affine[:3, :3] = rotation @ np.diag([-0.1, 0.2, 0.3]); affine[:3, 3] = [4, -5, 6]
for i, (cls, endian, dtype, codes, slope) in enumerate([
    (nib.Nifti1Image, "<", "int16", (1, 2), (2.5, -1000)), (nib.Nifti1Image, ">", "uint16", (1, 0), None),
    (nib.Nifti2Image, ">", "float32", (0, 3), None), (nib.Nifti2Image, "<", "int32", (2, 2), None),
]):
    image = cls(r.integers(0, 999, (9, 10, 11)).astype(dtype), affine, cls.header_class(endianness=endian))
    image.header.set_data_dtype(dtype); image.header.set_xyzt_units("micron")
    image.set_qform(affine, codes[0]); image.set_sform(affine, codes[1])
    image.header["descrip"] = b"a fish"; image.header["cal_max"] = 77
    if slope: image.header.set_slope_inter(*slope)
    image.to_filename(f"{sys.argv[1]}/{i}.nii.gz")`,
    folder,
  );
  const pairs: string[] = [];
  for (let i = 0; i < 4; i++) {
    const store = createMemoryStore();
    const source = join(folder, `${i}.nii.gz`);
    await ingest(store, source);
    for (const box of [
      undefined,
      [
        [1, 5],
        [2, 9],
        [3, 9],
      ],
    ] as (Box | undefined)[]) {
      const to = join(folder, `out-${pairs.length}.nii.gz`);
      await exportVolume(store, P, { format: "nifti", to, ...(box && { box }) });
      pairs.push(source, to, JSON.stringify(box ?? null));
    }
  }
  expect(pairs).toHaveLength(24);
  expect(await runPython(COMPARE, ...pairs)).toContain("same");
});

it("places a crop's voxels among those of the scan it was cut from", async () => {
  const folder = await temporaryFolder();
  const store = createMemoryStore();
  const grid = randomVoxels([6, 5, 4], "uint16");
  await writeVolume(store, P, grid, "uint16", { voxelSizeUm: [30, 20, 10] });
  const [nifti, nrrd] = [join(folder, "c.nii.gz"), join(folder, "c.nrrd")];
  await exportVolume(store, P, { format: "nifti", to: nifti, start: [100, 50, 25] });
  await exportVolume(store, P, { format: "nrrd", to: nrrd, start: [100, 50, 25] });
  const said = JSON.parse(
    await runPython(
      "import sys, json, nibabel as nib; i = nib.load(sys.argv[1]); print(json.dumps([i.affine.round(6).tolist(), [round(float(z), 6) for z in i.header.get_zooms()], i.header.get_xyzt_units()[0]]))",
      nifti,
    ),
  ) as unknown;
  expect(said).toEqual([
    [
      [0.01, 0, 0, 0.25],
      [0, 0.02, 0, 1],
      [0, 0, 0.03, 3],
      [0, 0, 0, 1],
    ],
    [0.01, 0.02, 0.03],
    "mm",
  ]);
  const text = (await readFile(nrrd)).toString("latin1").split("\n\n")[0]!.split("\n");
  expect(text).toContain("space: right-anterior-superior");
  expect(text).toContain("space directions: (0.01,0,0) (0,0.02,0) (0,0,0.03)");
  expect(text).toContain("space origin: (0.25,1,3)");
});

it("exports a coarse level where its fine voxels are", async () => {
  const store = createMemoryStore();
  await writeVolume(store, P, randomVoxels([130, 8, 8], "uint8"), "uint8", {
    voxelSizeUm: [10, 10, 10],
  });
  const to = join(await temporaryFolder(), "x.nrrd");
  await exportVolume(store, P, { format: "nrrd", to, level: 1 });
  const back = await openSource({ scan: "x", source: to }, "/");
  expect(back).toMatchObject({ shape: [65, 4, 4], voxelSizeUm: [20, 20, 20] });
  expect((back.origin["fields"] as Record<string, string>)["space origin"]).toBe(
    "(0.005,0.005,0.005)",
  );
});

it("gives NRRD back with its own fields, shifted with a crop", async () => {
  const folder = await temporaryFolder();
  const header = [
    "NRRD0005",
    "type: int16",
    "dimension: 3",
    "space: left-posterior-superior",
    "sizes: 4 3 2",
    "space directions: (0,0.5,0) (0.25,0,0) (0,0,2)",
    "kinds: domain domain domain",
    "endian: big",
    "encoding: raw",
    "space origin: (1,2,3)",
    "specimen:=medaka 7",
    "",
    "",
  ].join("\n");
  const voxels = Int16Array.from({ length: 24 }, (_, i) => i * 100 - 900);
  const source = join(folder, "a.nrrd");
  await writeFile(
    source,
    Buffer.concat([Buffer.from(header), Buffer.from(voxels.buffer.slice(0)).swap16()]),
  );
  const store = createMemoryStore();
  await ingest(store, source);
  const fieldsOf = async (box?: Box) => {
    const to = join(folder, "out.nrrd");
    await exportVolume(store, P, { format: "nrrd", to, ...(box && { box }) });
    const back = await openSource({ scan: "out", source: to }, "/");
    return {
      back,
      fields: back.origin["fields"] as Record<string, string>,
      voxels: await collectVoxels(back),
    };
  };
  const whole = await fieldsOf();
  expect(whole.back).toMatchObject({
    shape: [2, 3, 4],
    dtype: "int16",
    voxelSizeUm: [2000, 250, 500],
  });
  expect(Buffer.compare(whole.voxels, Buffer.from(voxels.buffer))).toBe(0);
  expect(whole.fields).toMatchObject({
    space: "left-posterior-superior",
    "space directions": "(0,0.5,0) (0.25,0,0) (0,0,2)",
    "space origin": "(1,2,3)",
    kinds: "domain domain domain",
  });
  expect(whole.back.origin["pairs"]).toEqual({ specimen: "medaka 7" });
  const part = await fieldsOf([
    [1, 2],
    [1, 3],
    [2, 4],
  ]);
  expect(part.fields["space origin"]).toBe("(1.25,3,5)");
  expect([...new Int16Array(new Uint8Array(part.voxels).buffer)]).toEqual([900, 1000, 1300, 1400]);
});

it("carries the affine from NIfTI to NRRD and back", async () => {
  const folder = await temporaryFolder();
  const source = join(folder, "a.nii");
  await runPython(
    `import sys, numpy as np, nibabel as nib
affine = np.array([[0, -0.5, 0, 5], [0.25, 0, 0, -6], [0, 0, 2, 7], [0, 0, 0, 1.0]])
i = nib.Nifti1Image(np.arange(24, dtype="uint8").reshape(4, 3, 2), affine); i.header.set_xyzt_units("mm"); i.to_filename(sys.argv[1])`,
    source,
  );
  const store = createMemoryStore();
  await ingest(store, source);
  const nrrd = join(folder, "b.nrrd");
  await exportVolume(store, P, { format: "nrrd", to: nrrd });
  await ingest(store, nrrd, "volumes/y.zarr");
  const again = join(folder, "c.nii.gz");
  await exportVolume(store, "volumes/y.zarr", { format: "nifti", to: again });
  const said = await runPython(
    "import sys, numpy as np, nibabel as nib; a, b = [nib.load(f) for f in sys.argv[1:]]; assert np.allclose(a.affine, b.affine), b.affine; assert (np.asarray(a.dataobj) == np.asarray(b.dataobj)).all(); print('same')",
    source,
    again,
  );
  expect(said.trim()).toBe("same");
});

it.each(["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"] as const)(
  "writes TIFF that tifffile reads voxel for voxel, voxel size included, %s",
  async (dtype) => {
    const folder = await temporaryFolder();
    const store = createMemoryStore();
    const grid = randomVoxels([5, 7, 9], dtype);
    await writeVolume(store, P, grid, dtype, { voxelSizeUm: [12.5, 3.3, 0.65] });
    const to = exportPath(folder, "P06", "tiff");
    await exportVolume(store, P, { format: "tiff", to });
    await writeFile(join(folder, "raw"), new Uint8Array(grid.data.buffer));
    const said = await runPython(
      `import sys, numpy as np, tifffile
with tifffile.TiffFile(sys.argv[1]) as f:
    a = f.asarray(); assert len(f.pages) == 5 and f.is_imagej and f.imagej_metadata["spacing"] == 12.5
assert a.dtype == sys.argv[3] and (a == np.fromfile(sys.argv[2], sys.argv[3]).reshape(5, 7, 9)).all()
print("same")`,
      to,
      join(folder, "raw"),
      dtype,
    );
    expect(said.trim()).toBe("same");
    const back = await openSource({ scan: "P06", source: to }, "/");
    expect(back).toMatchObject({ shape: [5, 7, 9], dtype, voxelSizeUm: [12.5, 3.3, 0.65] });
    expect(Buffer.compare(await collectVoxels(back), Buffer.from(grid.data.buffer))).toBe(0);
  },
);

it("writes OME-Zarr as it is stored, and a part of it as a volume of its own", async () => {
  const folder = await temporaryFolder();
  const store = createMemoryStore();
  const grid = randomVoxels([70, 30, 20], "uint16");
  await writeVolume(store, P, grid, "uint16");
  await writeFile(join(folder, "raw"), new Uint8Array(grid.data.buffer));
  const whole = exportPath(folder, "P06", "ome-zarr");
  const part = join(folder, "part.ome.zarr");
  await exportVolume(store, P, { format: "ome-zarr", to: whole });
  await exportVolume(store, P, {
    format: "ome-zarr",
    to: part,
    box: [
      [1, 69],
      [2, 30],
      [0, 11],
    ],
  });
  const said = await runPython(
    `${reader}
import sys
raw = np.fromfile(sys.argv[1], "uint16").reshape(70, 30, 20)
assert (read_zarr(sys.argv[2] + "/0") == raw).all()
assert (read_zarr(sys.argv[3] + "/0") == raw[1:69, 2:30, 0:11]).all()
assert read_zarr(sys.argv[3] + "/1").shape == (34, 14, 6)
print("same")`,
    join(folder, "raw"),
    whole,
    part,
  );
  expect(said.trim()).toBe("same");
  expect((await readdir(folder)).sort()).toEqual(["P06.ome.zarr", "part.ome.zarr", "raw"]);
  expect((await readdir(whole)).sort()).toEqual(["0", "1", "zarr.json"]);
});

it("replaces what was there only by something whole, and leaves nothing else", async () => {
  const folder = await temporaryFolder();
  const store = createMemoryStore();
  await writeVolume(store, P, randomVoxels([9, 9, 9], "uint8"), "uint8");
  await mkdir(join(folder, "a.ome.zarr/old"), { recursive: true });
  await writeFile(join(folder, "a.nrrd"), "old");
  await exportVolume(store, P, { format: "ome-zarr", to: join(folder, "a.ome.zarr") });
  expect(existsSync(join(folder, "a.ome.zarr/old"))).toBe(false);

  const chunk = `${P}/0/c/0/0/0`;
  await store.put(chunk, (await store.get(chunk))!.slice(0, -2));
  for (const format of ["nrrd", "nifti", "tiff"] as const) {
    await expect(
      exportVolume(store, P, { format, to: join(folder, "a.nrrd") }),
    ).rejects.toMatchObject({
      name: "CorruptData",
    });
  }
  expect(await readFile(join(folder, "a.nrrd"), "utf8")).toBe("old");
  expect((await readdir(folder)).sort()).toEqual(["a.nrrd", "a.ome.zarr"]);
});

it("stops with the reason it is given, and cleans up", async () => {
  const folder = await temporaryFolder();
  const store = createMemoryStore();
  await writeVolume(store, P, randomVoxels([9, 9, 9], "uint8"), "uint8");
  for (const format of ["nrrd", "nifti", "tiff", "ome-zarr"] as const) {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(exportVolume(store, P, { format, to: join(folder, "a"), signal })).rejects.toThrow(
      /enough|aborted/,
    );
  }
  expect(await readdir(folder)).toEqual([]);
});

it.each([
  [{ level: 7 }, "InvalidInput", /x\.zarr\/7/],
  [
    {
      box: [
        [0, 1],
        [0, 1],
        [0, 99],
      ] as Box,
    },
    "InvalidInput",
    /expected x of the box within \[0, 9\]/,
  ],
  [{ to: "/dev/null/a.nrrd" }, "InvalidInput", /cannot write to \/dev\/null\/a\.nrrd/],
  [{ start: [1, 2, 3] as Zyx, prefix: "volumes/none.zarr" }, "NotFound", /no volume at/],
])(
  "says what is wrong with %j",
  async ({ prefix = P, ...more }: { prefix?: string; [name: string]: unknown }, tag, message) => {
    const store = createMemoryStore();
    await writeVolume(store, P, randomVoxels([9, 9, 9], "uint8"), "uint8");
    const to = join(await temporaryFolder(), "a.nrrd");
    await expect(
      exportVolume(store, prefix, { format: "nrrd", to, ...more }),
    ).rejects.toMatchObject({
      name: tag,
      message: expect.stringMatching(message) as string,
    });
  },
);

it("takes labels along into the OME-Zarr, cut to the image and downsampled by mode", async () => {
  const store = createMemoryStore();
  await writeVolume(store, "crop.zarr", randomVoxels([70, 20, 30], "uint16"), "uint16");
  const labels = randomVoxels([80, 24, 40], "uint8", 3);
  labels.data.forEach((v, i) => (labels.data[i] = v % 4));
  await writeVolume(store, "labels.zarr", labels, "uint8");
  const folder = await temporaryFolder();
  const to = exportPath(folder, "P01", "ome-zarr");
  await exportVolume(store, "crop.zarr", {
    format: "ome-zarr",
    to,
    labels: [
      {
        name: "labels",
        prefix: "labels.zarr",
        box: [
          [3, 73],
          [4, 24],
          [5, 35],
        ],
      },
    ],
  });
  const exported = createDirectoryStore({ root: to });
  const read = async (key: string) =>
    JSON.parse(Buffer.from((await exported.get(key))!).toString()) as {
      attributes: { ome: Record<string, unknown> };
    };
  expect((await read("labels/zarr.json")).attributes.ome).toEqual({
    version: "0.5",
    labels: ["labels"],
  });
  const { ome } = (await read("labels/labels/zarr.json")).attributes;
  expect(ome).toMatchObject({
    "image-label": { source: { image: "../../" } },
    multiscales: [{ name: "labels", type: "mode", datasets: [{ path: "0" }, { path: "1" }] }],
  });
  expect(ome).not.toHaveProperty("omero");
  const { shape, data } = await readLevel(exported, "labels/labels", 0);
  expect(shape).toEqual([70, 20, 30]);
  const at = (z: number, y: number, x: number) => labels.data[((z + 3) * 24 + y + 4) * 40 + x + 5];
  for (let z = 0, i = 0; z < 70; z++)
    for (let y = 0; y < 20; y++)
      for (let x = 0; x < 30; x++, i++) if (data[i] !== at(z, y, x)) expect([z, y, x]).toBe(i);
});

it("gives a NRRD the voxel size that the user said, where its own header says none or another", async () => {
  const store = createMemoryStore();
  const fields = { type: "uint8", dimension: "3", sizes: "3 4 5", content: "a bone" };
  const own = { "space directions": "(2,0,0) (0,2,0) (0,0,2)", space: "right-anterior-superior" };
  const cases = [
    [{ ...fields }, [3, 2, 1.5], ["space directions: (0.0015,0,0) (0,0.002,0) (0,0,0.003)"]],
    [{ ...fields, ...own }, [3, 3, 3], ["space directions: (0.003,0,0) (0,0.003,0) (0,0,0.003)"]],
    [
      { ...fields, ...own },
      [2000, 2000, 2000],
      [`space directions: ${own["space directions"]}`, "content: a bone"],
    ],
    [{ ...fields }, [1, 1, 1], ["content: a bone"]],
  ] as const;
  for (const [i, [header, voxelSizeUm, lines]] of cases.entries()) {
    const origin = { format: "nrrd", endian: "little", fields: header, pairs: {} };
    await writeVolume(store, `${i}.zarr`, randomVoxels([5, 4, 3], "uint8"), "uint8", {
      voxelSizeUm,
      origin,
    });
    const to = exportPath(await temporaryFolder(), "n", "nrrd");
    await exportVolume(store, `${i}.zarr`, { format: "nrrd", to });
    const text = (await readFile(to, "latin1")).split("\n\n")[0]!.split("\n");
    for (const line of lines) expect(text, String(i)).toContain(line);
    expect(
      text.some((line) => line.startsWith("space directions")),
      String(i),
    ).toBe(i < 3);
  }
});
