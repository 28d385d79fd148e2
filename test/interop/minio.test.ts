import { execFile } from "node:child_process";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { promisify } from "node:util";
import { afterAll, beforeAll, expect, it } from "vitest";
import { endpointUrl } from "../../activities/stores/endpoint.ts";
import { createMinioStore, ensureBucket } from "../../activities/stores/minio-store.ts";
import { startTestMinio } from "../support/minio.ts";
import { testPython } from "../support/run-python.ts";
import { temporaryFolder } from "../support/temporary.ts";
import { readScript } from "./read-script.ts";
import { writeVolumes } from "./write-volumes.ts";

const run = promisify(execFile);

let minio: Awaited<ReturnType<typeof startTestMinio>>;
beforeAll(async () => {
  minio = await startTestMinio();
  await ensureBucket(minio.options);
});
afterAll(() => minio.stop());

it("puts volumes into MinIO that tensorstore and zarr-python read from there, voxel for voxel", async () => {
  const { options } = minio;
  const folder = await temporaryFolder();
  const wanted = ["float32", "many-shards", "zero-chunks", "large"];
  const { volumes } = await writeVolumes(folder, { store: createMinioStore(options), wanted });
  const cases = join(folder, "cases.json");
  await writeFile(cases, JSON.stringify(volumes));
  const script = await readScript("minio.py");
  const args = ["-W", "ignore", "-c", script, endpointUrl(options), options.bucket, cases];
  const { stdout } = await run(await testPython(), args, {
    env: {
      PATH: process.env["PATH"],
      AWS_ACCESS_KEY_ID: options.accessKey,
      AWS_SECRET_ACCESS_KEY: options.secretKey,
    },
  });
  const found = JSON.parse(stdout) as Record<string, number[]>;
  expect(found["tensorstore"]).toEqual([0, 0, 0, 0]);
  for (const different of Object.values(found)) expect(different).toEqual([0, 0, 0, 0]);
});
