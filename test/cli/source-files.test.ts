import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import { endpointUrl } from "../../activities/stores/endpoint.ts";
import { createMinioClient } from "../../activities/stores/minio-client.ts";
import { ensureBucket } from "../../activities/stores/minio-store.ts";
import { readBatchArguments } from "../../cli/batch-file.ts";
import { matchesSomething, sourceBytes } from "../../cli/source-files.ts";
import { freePort } from "../../infra/servers/free-port.ts";
import { startTestMinio } from "../support/minio.ts";

const dir = mkdtempSync(join(tmpdir(), "microtome-source-"));
mkdirSync(join(dir, "A01"));
mkdirSync(join(dir, "empty"));
writeFileSync(join(dir, "A01", "s_0.tif"), Buffer.alloc(100));
writeFileSync(join(dir, "A01", "s_1.tif"), Buffer.alloc(50));
writeFileSync(join(dir, "A01", "log.txt"), Buffer.alloc(7));
writeFileSync(join(dir, "v.nii"), Buffer.alloc(11));
writeFileSync(
  join(dir, "batch.yaml"),
  "batch: b\nscans: [{ source: A01 }, { source: gone.tif }]\n",
);
afterAll(() => rmSync(dir, { recursive: true }));

test.each([
  ["A01", 157],
  ["A01/*.tif", 150],
  ["v.nii", 11],
  ["empty", 0],
  ["https://host/a.tif", 0],
])("%s is there, with %i bytes", async (source, bytes) => {
  expect(await matchesSomething(source, dir)).toBe(true);
  expect(await sourceBytes(source, dir)).toBe(bytes);
});

test("a file URL is a file", async () => {
  expect(await sourceBytes(pathToFileURL(join(dir, "v.nii")).href, dir)).toBe(11);
});

test.each(["gone", "A01/*.nii", "gone/*.tif", "v.nii/x"])("%s is nothing", async (source) => {
  expect(await matchesSomething(source, dir)).toBe(false);
  expect(await sourceBytes(source, dir)).toBe(0);
});

describe("in S3", () => {
  let minio: Awaited<ReturnType<typeof startTestMinio>>;

  beforeAll(async () => {
    minio = await startTestMinio();
    await ensureBucket(minio.options);
    const client = createMinioClient(minio.options);
    for (const [key, bytes] of Object.entries({
      "A01/s_0.tif": 100,
      "A01/s_1.tif": 50,
      "A01/log.txt": 7,
      "A01/deep/s_2.tif": 3,
      "v.nii": 11,
    })) {
      await client.putObject("test", key, Buffer.alloc(bytes));
    }
  });
  afterAll(() => minio.stop());
  afterEach(() => void vi.unstubAllEnvs());

  function useServer(endpoint: string, secret = minio.options.secretKey) {
    vi.stubEnv("AWS_ENDPOINT_URL", endpoint);
    vi.stubEnv("AWS_ACCESS_KEY_ID", minio.options.accessKey);
    vi.stubEnv("AWS_SECRET_ACCESS_KEY", secret);
  }

  test.each([
    ["s3://test/v.nii", 11],
    ["s3://test/A01", 160],
    ["s3://test/A01/", 160],
    ["s3://test/A01/*.tif", 150],
    ["S3://test/A01/s_[1-9].tif", 50],
  ])("%s is there, with %i bytes", async (source, bytes) => {
    useServer(endpointUrl(minio.options));
    expect(await matchesSomething(source, dir)).toBe(true);
    expect(await sourceBytes(source, dir)).toBe(bytes);
  });

  test.each(["s3://test/gone", "s3://test/A01/*.nii", "s3://no-bucket/a", "s3://no-bucket/*.tif"])(
    "%s is nothing",
    async (source) => {
      useServer(endpointUrl(minio.options));
      expect(await matchesSomething(source, dir)).toBe(false);
      expect(await sourceBytes(source, dir)).toBe(0);
    },
  );

  test("what nobody can tell is believed", async () => {
    const expectBelieved = async () => {
      expect(await matchesSomething("s3://test/gone", dir)).toBe(true);
      expect(await sourceBytes("s3://test/v.nii", dir)).toBe(0);
    };
    useServer(endpointUrl(minio.options), "wrong");
    await expectBelieved();
    useServer(`http://127.0.0.1:${await freePort()}`);
    await expectBelieved();
    vi.stubEnv("AWS_ENDPOINT_URL", undefined);
    vi.stubEnv("MICROTOME_STATE_DIR", dir);
    await expectBelieved();
  });
});

const args = { batch: undefined, set: [], cwd: dir } as const;

test("a missing source in a batch file is left to ingest, so that the others go on", async () => {
  const { spec } = await readBatchArguments({ ...args, paths: ["batch.yaml"] });
  expect(spec.scans.map(({ source }) => source)).toEqual([join(dir, "A01"), join(dir, "gone.tif")]);
});

test("a missing source on the command line is a slip", async () => {
  const typed = { ...args, batch: "b", paths: ["A01", "gone.tif"] };
  await expect(readBatchArguments(typed)).rejects.toThrow(/^SOURCE gone\.tif: got nothing there/);
});

test("sources on the command line make a batch, --set included", async () => {
  const set = [{ path: ["pretrain", "steps"], value: 3 }];
  const { spec } = await readBatchArguments({ ...args, batch: "b", paths: ["A01", "v.nii"], set });
  expect(spec.scans.map(({ id }) => id)).toEqual(["A01", "v"]);
  expect(spec.pretrain.steps).toBe(3);
});

test("two batch files are one too many", async () => {
  await expect(readBatchArguments({ ...args, paths: ["a.json", "b.json"] })).rejects.toThrow(
    /got 2 files, expected one batch file/,
  );
});
