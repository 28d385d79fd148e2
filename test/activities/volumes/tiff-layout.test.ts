import { open } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import { tiffLayout } from "../../../activities/volumes/tiff-layout.ts";
import { runPython } from "../../support/run-python.ts";
import { temporaryFolder } from "../../support/temporary.ts";

it("becomes BigTIFF from 4 GiB on, and says where every plane is", async () => {
  const path = join(await temporaryFolder(), "big.tif");
  const { head, tail } = tiffLayout([3, 40_000, 40_000], "uint8", [4, 4, 4]);
  const file = await open(path, "w");
  await file.write(head, 0, head.length, 0);
  // The planes are a hole in the file; each begins with its number.
  for (let z = 0; z < 3; z++) await file.write(Buffer.of(z + 1), 0, 1, head.length + z * 1.6e9);
  let at = head.length + 3 * 1.6e9;
  for (const part of tail) at += (await file.write(part, 0, part.length, at)).bytesWritten;
  await file.close();
  const said = await runPython(
    `import sys, json, tifffile
with tifffile.TiffFile(sys.argv[1]) as f:
    first = []
    for page in f.pages:
        f.filehandle.seek(page.dataoffsets[0]); first.append(f.filehandle.read(1)[0])
    print(json.dumps([f.is_bigtiff, len(f.pages), list(f.pages[2].shape), first, f.imagej_metadata["spacing"]]))`,
    path,
  );
  expect(JSON.parse(said)).toEqual([true, 3, [40_000, 40_000], [1, 2, 3], 4]);
  const source = await openSource({ scan: "big", source: path }, "/");
  expect(source).toMatchObject({
    shape: [3, 40_000, 40_000],
    dtype: "uint8",
    voxelSizeUm: [4, 4, 4],
  });
});
