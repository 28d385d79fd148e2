import { execFile } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, it } from "vitest";
import { runPython, testPython } from "../support/run-python.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { alternate, median } from "./alternate.ts";
import type { Row } from "./measure.ts";
import { writeTables } from "./write-tables.ts";

const run = promisify(execFile);
const RUN = fileURLToPath(new URL("../../infra/run.mjs", import.meta.url));
const BENCH = fileURLToPath(new URL("bench.ts", import.meta.url));
const PEERS = fileURLToPath(new URL("volumes/peers.py", import.meta.url));

/** The bench as `npm run bench` starts it once everything is set up. */
const bench = (...args: string[]) => run(process.execPath, [RUN, BENCH, ...args]);

describe("npm run bench -- volumes", () => {
  it("prints a row per comparison, both sides having written the same voxels", async () => {
    const dir = await temporaryFolder();
    const { stdout } = await bench(
      ...["volumes", "--only", "ingest", "--runs", "1", "--shape", "66,130,140", "--dir", dir],
      "--json",
    );
    const rows = JSON.parse(stdout) as Row[];
    expect(rows.map(({ goal, against }) => `${goal} ${against}`)).toEqual([
      expect.stringMatching(/^1.5 tensorstore, means by numpy/),
      expect.stringMatching(/^1.5 tensorstore, means by its own/),
      expect.stringMatching(/^5 ome-zarr-py, its defaults/),
      expect.stringMatching(/^5 ome-zarr-py, our chunks/),
    ]);
    for (const row of rows) {
      expect(row.work).toContain("66×130×140 uint16");
      expect(row.unit).toBe("MB/s");
      expect(row.ratio).toBeCloseTo(row.ours / row.peer, 9);
      expect(row.ours).toBeGreaterThan(0);
      // A process of Node or of numpy takes tens of megabytes, and this scan nearly nothing.
      expect(row.oursPeakMb).toBeGreaterThan(30);
      expect(row.peerPeakMb).toBeGreaterThan(30);
    }
    expect(await run("ls", ["-A", dir])).toMatchObject({ stdout: "" });
  });

  it("compares a kernel with numpy's, whose result is the same", async () => {
    const { stdout } = await bench(
      ...["volumes", "--only", "mean", "--runs", "1", "--shape", "20,30,42", "--json"],
    );
    expect(JSON.parse(stdout)).toMatchObject([{ work: "2×2×2 mean of 20×30×42 uint16", goal: 3 }]);
  });

  it.each([
    [["moon"], "Expected one area of volumes, training, got moon"],
    [[], "Expected one area of volumes, training, got none"],
    [["volumes", "--only", "x"], "--only expects one of ingest, minio, "],
    [["volumes", "--runs", "0"], "--runs expects whole numbers of 1 or more, got 0"],
    [["volumes", "--shape", "1,2"], "--shape expects Z,Y,X, got 1,2"],
  ])("says what is wrong with %j", async (args, message) => {
    await expect(bench(...args)).rejects.toMatchObject({
      code: 2,
      stderr: expect.stringContaining(message) as string,
    });
  });

  it("ends when the two sides do not agree", async () => {
    const folder = await temporaryFolder();
    await runPython(
      `import sys, numpy as np, zarr
for side, value in [("ours", 4), ("peer", 4), ("other", 5)]:
    for k, shape in enumerate([(8, 8, 8), (4, 4, 4)]):
        array = zarr.create_array(f"{sys.argv[1]}/{side}/{k}", shape=shape, dtype="u2", zarr_format=3)
        array[:] = 4
    array[0, 0, 0] = value + 2 * (value == 5)`,
      folder,
    );
    const compare = async (peer: string) =>
      run(await testPython(), [
        ...[PEERS, "compare"],
        JSON.stringify({ ours: join(folder, "ours"), peer: join(folder, peer), slack: 1 }),
      ]);
    expect((await compare("peer")).stdout).toContain('"largest": [0, 0]');
    await expect(compare("other")).rejects.toMatchObject({
      stderr: expect.stringContaining("level 1 differs by 3") as string,
    });
  });
});

it("takes turns, and gives the middle time and the highest memory of each side", async () => {
  const order: string[] = [];
  const side = (name: string, seconds: number[]) => async (i: number) => {
    order.push(name);
    return { seconds: seconds[i]!, cpuSeconds: 1, peakBytes: 10 * seconds[i]! };
  };
  const result = await alternate(
    3,
    { ours: side("o", [3, 9, 1]), peer: side("p", [5, 4, 6]) },
    () => undefined,
    async () => void order.push("clean"),
  );
  expect(order.join(" ")).toBe("clean o clean p clean o clean p clean o clean p");
  expect(result).toEqual({
    ours: { seconds: 3, peakBytes: 90 },
    peer: { seconds: 5, peakBytes: 60 },
  });
  expect(median([4, 1, 3, 2])).toBe(2.5);
});

it("puts a table between its markers and leaves the rest of a document alone", async () => {
  const folder = await temporaryFolder();
  await mkdir(folder, { recursive: true });
  const path = join(folder, "page.md");
  await writeFile(path, "a\n<!-- bench:x -->\nold\n<!-- /bench:x -->\nz\n");
  await writeTables(path, "x", "| new | one |\n| --- | --- |\n| 1 | 2 |");
  // As the formatter lays it out.
  expect(await readFile(path, "utf8")).toBe(
    "a\n<!-- bench:x -->\n\n| new | one |\n| --- | --- |\n| 1   | 2   |\n\n<!-- /bench:x -->\n\nz\n",
  );
  await expect(writeTables(path, "y", "")).rejects.toThrow("has no <!-- bench:y -->");
});
