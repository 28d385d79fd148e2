import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import {
  EXPORT_FORMATS,
  exportPath,
  exportVolume,
} from "../../activities/volumes/export-volume.ts";
import { runPython } from "../support/run-python.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { readScript } from "./read-script.ts";
import { writeVolumes } from "./write-volumes.ts";

// The last zarr-python for Python 3.10 does not know Zarr v3.
const old = (await runPython("import sys; print(sys.version_info < (3, 11))")).trim() === "True";

it.skipIf(old)(
  "exports every type of voxel as files that nibabel, tifffile, pynrrd and zarr-python read back exactly",
  async () => {
    const folder = await temporaryFolder();
    const types = ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"];
    const wanted = [...types, "one-voxel", "a-line", "thinner-than-a-chunk", "zero-chunks"];
    const { store, volumes } = await writeVolumes(folder, { wanted });
    const cases = [];
    for (const { name, source, dtype, prefix } of volumes) {
      for (const format of EXPORT_FORMATS) {
        const to = exportPath(folder, name, format);
        await exportVolume(store, prefix, { format, to });
        cases.push({ source, format, to, name, dtype });
      }
    }
    await writeFile(join(folder, "cases.json"), JSON.stringify(cases));
    const output = await runPython(await readScript("read-exports.py"), join(folder, "cases.json"));
    const found = JSON.parse(output) as { dtype: string; different: unknown; spacing: unknown }[];
    expect(cases.length).toBe(55);
    const read = cases.map(({ name, format }, i) => {
      const { dtype, different } = found[i]!;
      return [name, format, dtype, different];
    });
    expect(read).toEqual(cases.map(({ name, format, dtype }) => [name, format, dtype, 0]));
    // Millimetres, along z, y, x.
    const spacings = cases.map(({ format }, i) => format === "nifti" && found[i]!.spacing);
    expect(spacings.filter(Boolean)).toEqual(wanted.map(() => [0.003, 0.002, 0.0015]));
  },
);
