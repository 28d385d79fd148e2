import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import { openSource } from "../../../activities/sources/open-source.ts";
import { temporaryFolder } from "../../support/temporary.ts";
import { collectVoxels } from "./collect-voxels.ts";

it("reads raw voxels of either byte order behind a header", async () => {
  const folder = await temporaryFolder();
  const values = Int16Array.from({ length: 24 }, (_, i) => 300 * i - 2000);
  const big = Buffer.from(values.buffer.slice(0)).swap16();
  await writeFile(join(folder, "x.raw"), Buffer.concat([Buffer.from("head"), big]));
  const raw = { shape: [2, 3, 4], dtype: "int16", endian: "big", headerBytes: 4 } as const;
  const source = await openSource({ scan: "P05", source: "x.raw", raw }, folder);
  expect(Buffer.compare(await collectVoxels(source), Buffer.from(values.buffer))).toBe(0);
});
