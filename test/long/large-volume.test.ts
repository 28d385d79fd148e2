import { spawn } from "node:child_process";
import { once } from "node:events";
import { rm } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { watchMemory } from "../bench/watch-memory.ts";
import { writeRaw } from "../bench/volumes/phantom.ts";
import { runPython } from "../support/run-python.ts";
import { temporaryFolder } from "../support/temporary.ts";

/** 4 GiB; `npm run bench -- volumes --only sizes` goes up to 16. */
const SHAPE = [1024, 1024, 2048] as const;

test("converts a scan of 4 GiB in less than 1.5 GB of memory, every voxel right", async () => {
  const folder = await temporaryFolder();
  const raw = join(folder, "scan.raw");
  await writeRaw(raw, SHAPE);
  const options = ["--to", folder, "--shape", SHAPE.join(","), "--dtype", "uint16", "--json"];
  const cli = spawn(process.execPath, ["cli/microtome.mjs", "convert", raw, ...options], {
    stdio: ["ignore", "pipe", "ignore"],
  });
  const watch = watchMemory(cli.pid!);
  let printed = "";
  cli.stdout.setEncoding("utf8").on("data", (text: string) => (printed += text));
  const [code] = (await once(cli, "close")) as [number];
  const peak = watch.stop();
  expect(code, printed).toBe(0);
  expect(peak).toBeGreaterThan(100e6); // or nothing was watched
  expect(peak).toBeLessThan(1.5e9);

  const said = await runPython(
    `import sys, numpy as np, zarr
raw, path = sys.argv[1:3]
voxels = np.memmap(raw, "<u2", "r", shape=tuple(map(int, sys.argv[3].split(","))))
group = zarr.open_group(path, mode="r")
for z in range(0, len(voxels), 64):
    assert (group["0"][z : z + 64] == voxels[z : z + 64]).all(), z
    eight = voxels[z : z + 64].reshape(32, 2, voxels.shape[1] // 2, 2, voxels.shape[2] // 2, 2)
    mean = (eight.sum((1, 3, 5), dtype=np.uint32) + 4) >> 3
    assert (group["1"][z // 2 : z // 2 + 32] == mean).all(), z
print("same")`,
    raw,
    (JSON.parse(printed) as { file: string }).file,
    SHAPE.join(","),
  );
  expect(said.trim()).toBe("same");
  await rm(folder, { recursive: true });
}, 600_000);
