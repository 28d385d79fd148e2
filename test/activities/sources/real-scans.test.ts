import { expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import { fingerprintSource } from "../../../activities/sources/fingerprint.ts";
import { createHash } from "node:crypto";
import { noSharedData, sharedFile } from "../../support/shared-data.ts";
import { runPython } from "../../support/run-python.ts";
import type { RawSpec } from "../../../activities/sources/source.ts";
import { collectVoxels } from "./collect-voxels.ts";

const READ: Readonly<Record<string, string>> = {
  tiff: "a = tifffile.imread(sys.argv[1])",
  slices: "a = np.stack([tifffile.imread(f) for f in sorted(glob.glob(sys.argv[1] + '/*.tif'))])",
  nifti: "a = np.asarray(nib.load(sys.argv[1]).dataobj).T",
  nrrd: "b = open(sys.argv[1], 'rb').read(); a = np.frombuffer(gzip.decompress(b[b.index(b'\\n\\n') + 2:]), 'u1')",
  nhdr: "a = np.fromfile(sys.argv[1].replace('.nhdr', '.raw'), '>u2')",
  quarters:
    "a = np.concatenate([np.fromfile(sys.argv[1].replace('*', str(i)), '<u2') for i in range(1, 94)])",
};

const quarters: RawSpec = { shape: [93, 64, 64], dtype: "uint16" };

it.skipIf(noSharedData).each([
  ["qim3d/shell_225x128x128.tif", "tiff", [225, 128, 128], "uint8", undefined],
  ["qim3d/bone_128x128x128.tif", "tiff", [128, 128, 128], "uint8", undefined],
  ["ciclope_trabecular_bone", "slices", [100, 200, 200], "uint8", undefined],
  ["mouse_heads/targets/A_J_.nii.gz", "nifti", [133, 163, 163], "uint8", undefined],
  [
    "mouse_heads/templates/low_res_skull_only.nii.gz",
    "nifti",
    [148, 268, 169],
    "float32",
    undefined,
  ],
  ["vtk_embryo/embryo.nrrd", "nrrd", [256, 256, 256], "uint8", undefined],
  ["dgtal_lobster/lobster.nrrd", "nrrd", [56, 324, 301], "uint8", undefined],
  ["seg3d_tooth/tooth.nhdr", "nhdr", [161, 94, 103], "uint16", undefined],
  ["vtk_headsq/quarter.*", "quarters", [93, 64, 64], "uint16", quarters],
] as const)("reads the real scan %s like Python", async (name, how, shape, dtype, raw) => {
  const path = sharedFile(name.replace("/quarter.*", "")) + (raw ? "/quarter.*" : "");
  const source = await openSource({ scan: "real", source: path, raw }, "/");
  expect({ shape: source.shape, dtype: source.dtype }).toEqual({ shape, dtype });
  const digest = createHash("sha256")
    .update(await collectVoxels(source))
    .digest("hex");
  const expected = await runPython(
    `import sys, glob, gzip, hashlib, numpy as np, tifffile, nibabel as nib
${READ[how]}
print(hashlib.sha256(np.ascontiguousarray(a.astype(a.dtype.newbyteorder("<"))).tobytes()).hexdigest())`,
    path,
  );
  expect(digest).toBe(expected.trim());
});

it.skipIf(noSharedData)("names a real scan by its bytes alone", async () => {
  const spec = { scan: "real", source: sharedFile("seg3d_tooth/tooth.nhdr") };
  const source = await openSource(spec, "/");
  const fractions: number[] = [];
  const digest = await fingerprintSource(source, spec, (fraction) => fractions.push(fraction));
  expect(source.files.map((file) => file.split("/").at(-1))).toEqual(["tooth.nhdr", "tooth.raw"]);
  expect(digest).toMatch(/^[0-9a-f]{64}$/);
  expect(fractions.at(-1)).toBe(1);
  expect(await fingerprintSource(source, spec)).toBe(digest);
});
