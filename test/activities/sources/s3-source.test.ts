import { createHash } from "node:crypto";
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath, pathToFileURL } from "node:url";
import h5wasm from "h5wasm/node";
import type { Client } from "minio";
import { afterAll, afterEach, beforeAll, expect, it, onTestFinished, vi } from "vitest";
import { withLocalCopy } from "../../../activities/sources/files/files-local-copy.ts";
import { fingerprintSource } from "../../../activities/sources/fingerprint.ts";
import { openSource } from "../../../activities/sources/open-source.ts";
import { createS3Files } from "../../../activities/sources/files/s3-files.ts";
import type { SourceSpec } from "../../../activities/sources/source.ts";
import { endpointUrl } from "../../../activities/stores/endpoint.ts";
import { createMinioClient } from "../../../activities/stores/minio-client.ts";
import { ensureBucket } from "../../../activities/stores/minio-store.ts";
import { freePort } from "../../../infra/servers/free-port.ts";
import { startTestMinio } from "../../support/minio.ts";
import { runPython } from "../../support/run-python.ts";
import { collectVoxels } from "./collect-voxels.ts";

const folder = mkdtempSync(join(tmpdir(), "microtome-s3-"));
let minio: Awaited<ReturnType<typeof startTestMinio>>;
let client: Client;
let voxels: Buffer;

beforeAll(async () => {
  const script = await readFile(
    fileURLToPath(new URL("write-sources.py", import.meta.url)),
    "utf8",
  );
  [minio] = await Promise.all([startTestMinio(), runPython(script, folder)]);
  voxels = readFileSync(join(folder, "voxels"));
  await writeHdf5();
  await ensureBucket(minio.options);
  client = createMinioClient(minio.options);
  const files = readdirSync(folder, { recursive: true }) as string[];
  for (const name of files) {
    const path = join(folder, name);
    if (statSync(path).isFile()) await client.fPutObject("test", `in/${name}`, path);
  }
  // What web consoles make when somebody clicks "new folder".
  await client.putObject("test", "in/slices/", Buffer.alloc(0));
  useServer({});
}, 60_000);

afterEach(() => {
  vi.unstubAllEnvs();
  useServer({});
});

afterAll(async () => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true });
  await minio.stop();
});

async function writeHdf5() {
  await h5wasm.ready;
  const file = new h5wasm.File(join(folder, "volume.h5"), "w");
  const data = new Uint16Array(voxels.buffer, voxels.byteOffset, voxels.length / 2);
  file.create_dataset({ name: "data", data, shape: [12, 90, 70], chunks: [4, 30, 30] });
  file.close();
}

/** As a job's process has it: in its environment. */
function useServer({ endpoint = endpointUrl(minio.options), secret = minio.options.secretKey }) {
  vi.stubEnv("AWS_ENDPOINT_URL", endpoint);
  vi.stubEnv("AWS_ACCESS_KEY_ID", minio.options.accessKey);
  vi.stubEnv("AWS_SECRET_ACCESS_KEY", secret);
}

const open = (source: string, more: Partial<SourceSpec> = {}) =>
  openSource({ scan: "S3", source, ...more }, "/");

const RAW = { shape: [12, 90, 70], dtype: "uint16" } as const;

it.each([
  ["slices", "tiff-slices", {}],
  ["slices/", "tiff-slices", {}],
  ["slices/*.tif", "tiff-slices", {}],
  ["slices/s ?+b%_{5,6,7,8,9,1[0-6]}.ti[!a-e]", "tiff-slices", {}],
  ["big.tif", "tiff", {}],
  ["imagej.tif", "tiff", {}],
  ["volume.nii", "nifti", {}],
  ["volume.nii.gz", "nifti", {}],
  ["volume.nrrd", "nrrd", {}],
  ["detached.nhdr", "nrrd", {}],
  ["volume.mha", "metaimage", {}],
  ["volume.h5", "hdf5", {}],
  ["whole.raw", "raw", { raw: RAW }],
  ["raw", "raw", { raw: RAW }],
  ["raw/p*.raw", "raw", { raw: RAW }],
  ["zarr/v2", "ome-zarr", {}],
  ["zarr/v3/", "ome-zarr", {}],
  ["zarr/v3", "ome-zarr", { dataset: "0" }],
] as const)(
  "reads s3://test/in/%s voxel for voxel as from the disk",
  async (name, format, more) => {
    const source = await open(`s3://test/in/${name}`, more);
    expect(source).toMatchObject({ format, shape: [12, 90, 70], dtype: "uint16" });
    expect((await collectVoxels(source)).equals(voxels)).toBe(true);
    for (const file of source.files) expect(file).toMatch(/^s3:\/\/test\/in\/[^.]/);

    const [path, url] = [join(folder, name), `${pathToFileURL(folder).href}/`];
    const local = await open(path, more);
    expect(source.voxelSizeUm).toEqual(local.voxelSizeUm);
    expect(source.origin).toEqual(local.origin);
    const digest = await fingerprintSource(local, { scan: "S3" });
    expect(await fingerprintSource(source, { scan: "S3" })).toBe(digest);
    if (/[?%]/.test(name)) return;
    expect(await fingerprintSource(await open(url + name, more), { scan: "S3" })).toBe(digest);
  },
);

it("gives every reader the size of the voxels", async () => {
  for (const name of ["volume.nii.gz", "volume.nrrd", "volume.mha", "zarr/v2", "zarr/v3"]) {
    expect((await open(`s3://test/in/${name}`)).voxelSizeUm, name).toEqual([5, 3, 2]);
  }
});

it.each([
  ["s3://test/in/gone.tif", "NotFound", /^S3: there is no s3:\/\/test\/in\/gone\.tif at http:/],
  [
    "s3://test/in/slices/*.png",
    "NotFound",
    /^S3: no file matches s3:\/\/test\/in\/slices\/\*\.png/,
  ],
  ["s3://test/in/sl", "NotFound", /^S3: there is no s3:\/\/test\/in\/sl at/],
  [
    "s3://test/in",
    "InvalidInput",
    /S3 holds more than one series of slices: big\.tif and imagej\.tif|x/,
  ],
  [
    "s3://no-bucket/a.tif",
    "NotFound",
    /^S3: s3:\/\/no-bucket\/a\.tif: Bucket no-bucket does not exist/,
  ],
  ["s3://no-bucket/*.tif", "NotFound", /Bucket no-bucket does not exist/],
  ["s3://test/*/s.tif", "InvalidInput", /^S3: only the last part .* got s3:\/\/test\/\*\/s\.tif/],
  ["s3://test/in/**", "InvalidInput", /\*\* has no place/],
  ["s3://T_est/a.tif", "InvalidInput", /^S3: s3:\/\/T_est\/a\.tif names no bucket/],
  ["s3://", "InvalidInput", /names no bucket/],
  ["s3://test/in/../a.tif", "InvalidInput", /has a segment \.\./],
  ["s3://test/a\nb.tif", "InvalidInput", /is no key/],
] as const)("says what is wrong with %j", async (source, name, message) => {
  const failure: unknown = await open(source).catch((error: unknown) => error);
  expect(failure).toMatchObject({ name, message: expect.stringMatching(message) as string });
});

it("knows a missing slice as on the disk", async () => {
  const [first, , third] = (await open("s3://test/in/slices")).files;
  for (const [i, file] of [first!, third!].entries()) {
    const key = file.slice("s3://test/".length);
    await client.putObject("test", `gap/s_${i * 2}.tif`, await client.getObject("test", key));
  }
  await expect(open("s3://test/gap")).rejects.toMatchObject({
    name: "InvalidInput",
    message: expect.stringContaining("slice 1 is missing between s_0.tif and s_2.tif") as string,
  });
});

it("names scan, file and what is missing of an object that was cut off", async () => {
  const whole = readFileSync(join(folder, "big.tif"));
  await client.putObject("test", "cut/big.tif", whole.subarray(0, whole.length - 3000));
  await client.putObject("test", "cut/empty.tif", Buffer.alloc(0));
  await client.putObject(
    "test",
    "cut/v.nii.gz",
    readFileSync(join(folder, "volume.nii.gz")).subarray(0, 50_000),
  );
  for (const [name, message] of [
    ["big.tif", /S3.* \(big\.tif\) is truncated/],
    ["empty.tif", /S3 \(empty\.tif\) is empty/],
    ["v.nii.gz", /S3 \(v\.nii\.gz\) is truncated or damaged/],
  ] as const) {
    await expect(open(`s3://test/cut/${name}`).then(collectVoxels)).rejects.toMatchObject({
      name: "CorruptData",
      message: expect.stringMatching(message) as string,
    });
  }
});

it("says that the keys are refused, without trying again", async () => {
  useServer({ secret: "wrong" });
  const started = performance.now();
  for (const source of [
    "s3://test/in/big.tif",
    "s3://test/in/slices/*.tif",
    "s3://test/in/zarr/v3",
  ]) {
    await expect(open(source)).rejects.toMatchObject({
      name: "StoreDenied",
      message: expect.stringMatching(/^S3: s3:\/\/test\/in.*refuses the credentials/) as string,
    });
  }
  expect(performance.now() - started).toBeLessThan(3000);
});

it("says that no server is known", async () => {
  vi.unstubAllEnvs();
  vi.stubEnv("AWS_ENDPOINT_URL", undefined);
  vi.stubEnv("MICROTOME_STATE_DIR", folder);
  await expect(open("s3://test/in/big.tif")).rejects.toMatchObject({
    name: "InvalidInput",
    message: expect.stringMatching(/^S3: no server is known .* AWS_ENDPOINT_URL/) as string,
  });
});

it("gives up a server that is not there, as worth a retry", async () => {
  const dead = { endPoint: "127.0.0.1", port: await freePort(), useSSL: false };
  const files = createS3Files({ ...minio.options, ...dead, giveUpAfterMs: 500 });
  for (const use of [
    () => files.look("s3://test/in/big.tif", "S3"),
    () => files.size("s3://test/in/big.tif", "S3"),
    () => files.open("s3://test/in/big.tif", "S3"),
    () => files.list("s3://test/in", "S3"),
    () => files.walk("s3://test/in", "S3"),
    () => files.get("s3://test/in/big.tif", "S3", { suffixLength: 4 }),
  ]) {
    await expect(use()).rejects.toMatchObject({
      name: "StoreUnavailable",
      message: expect.stringMatching(/^S3: s3:\/\/test\/in.*cannot be reached/) as string,
    });
  }
});

/** A server that holds one object, and lets `answer` spoil the n-th answer. */
async function serve(
  bytes: Buffer,
  answer: (n: number, from: number, ...rest: Parameters<RequestListener>) => boolean,
) {
  const requests: string[] = [];
  const server = createServer((request, response) => {
    requests.push(`${request.method} ${request.headers.range ?? ""}`);
    const [, from = "0", to = ""] = /bytes=(\d+)-(\d*)/.exec(request.headers.range ?? "") ?? [];
    const end = to === "" ? bytes.length : Math.min(bytes.length, Number(to) + 1);
    const etag = `"${createHash("md5").update(bytes).digest("hex")}"`;
    response.setHeader("etag", etag);
    response.setHeader("last-modified", new Date(0).toUTCString());
    response.setHeader("content-length", end - Number(from));
    if (request.headers.range !== undefined) {
      response.statusCode = 206;
      response.setHeader("content-range", `bytes ${from}-${end - 1}/${bytes.length}`);
    }
    if (request.method === "HEAD") response.end();
    else if (!answer(requests.length, Number(from), request, response))
      response.end(bytes.subarray(Number(from), end));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  const { port } = server.address() as AddressInfo;
  return { requests, files: createS3Files({ ...minio.options, port, giveUpAfterMs: 2000 }) };
}

const bytes = Buffer.from(
  Uint8Array.from({ length: 3_000_000 }, (_, i) => (i * 31 + (i >> 9)) & 255),
);

it("goes on where a connection was lost in the middle of a stream", async () => {
  const { files, requests } = await serve(bytes, (n, from, _, response) => {
    if (n > 4) return false;
    // The rest never comes.
    response.write(bytes.subarray(from, from + 500_000), () => response.destroy());
    return true;
  });
  const parts: Uint8Array[] = [];
  for await (const part of files.stream("s3://test/x", "S3", { start: 10 })) parts.push(part);
  expect(Buffer.concat(parts).equals(bytes.subarray(10))).toBe(true);
  expect(requests.filter((request) => request.startsWith("GET")).length).toBeGreaterThanOrEqual(4);
});

it("asks again for a range that came in part", async () => {
  const { files } = await serve(bytes, (n, from, _, response) => {
    if (n > 1) return false;
    response.write(bytes.subarray(from, from + 1000), () => response.destroy());
    return true;
  });
  const file = await files.open("s3://test/x", "S3");
  const target = new Uint8Array(1_500_000);
  expect(await file.fill(target, 7)).toBe(true);
  expect(Buffer.from(target).equals(bytes.subarray(7, 1_500_007))).toBe(true);
  expect(await file.fill(target, 2_000_000)).toBe(false);
});

it("does not mix two versions of an object", async () => {
  const { files } = await serve(bytes, (n, _, __, response) => {
    if (n > 1) response.setHeader("etag", '"another"');
    return false;
  });
  const file = await files.open("s3://test/x", "S3");
  await expect(file.fill(new Uint8Array(10), 2_000_000)).rejects.toMatchObject({
    name: "CorruptData",
    message: "S3: s3://test/x was written again while it was read",
  });
});

it("reads a multi-page TIFF in few requests, not one per directory and strip", async () => {
  const whole = readFileSync(join(folder, "big.tif"));
  const { requests } = await serve(whole, () => false).then(async (server) => {
    const file = await server.files.open("s3://test/x", "S3");
    for (let at = 0; at + 100 < whole.length; at += 100) await file.fill(new Uint8Array(100), at);
    return server;
  });
  // 64, 128, 256, … KiB.
  expect(requests.length).toBeLessThanOrEqual(2 + Math.ceil(Math.log2(whole.length / 65536)));
});

it("stops a stream with the reason of its signal", async () => {
  const source = await open("s3://test/in/volume.nii");
  const stop = new AbortController();
  const reason = new Error("enough");
  const planes = source.planes(stop.signal);
  await planes.next();
  stop.abort(reason);
  const rest = async () => {
    while ((await planes.next()).done !== true);
  };
  await expect(rest()).rejects.toBe(reason);
});

it("copies an object for a library that reads the disk, and a repaired one again", async () => {
  const copy = (use: (path: string) => Promise<string>) =>
    withLocalCopy("s3://test/copy/volume.h5", "S3", undefined, use);
  await client.putObject("test", "copy/volume.h5", Buffer.from("first"));
  const paths: string[] = [];
  const read = async (path: string) => {
    paths.push(path);
    return readFile(path, "utf8");
  };
  expect(await copy(read)).toBe("first");
  expect(await copy(read)).toBe("first");
  await client.putObject("test", "copy/volume.h5", Buffer.from("mended"));
  expect(await copy(read)).toBe("mended");
  expect(paths[1]).toBe(paths[0]);
  expect(paths[2]).not.toBe(paths[0]);
  expect(paths.every((path) => path.endsWith("/volume.h5"))).toBe(true);
  expect(await withLocalCopy("/a/path", "S3", undefined, async (path) => path)).toBe("/a/path");
});

it("does not begin a copy for which the disk is too small", async () => {
  const server = createServer((_, response) => {
    response.setHeader("etag", '"1"');
    response.setHeader("content-length", 10 ** 15);
    response.end();
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => void server.close());
  useServer({ endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}` });
  const use = () => Promise.reject(new Error("was begun"));
  await expect(withLocalCopy("s3://test/huge.h5", "S3", undefined, use)).rejects.toMatchObject({
    name: "Capacity",
    message: expect.stringMatching(
      /^S3: s3:\/\/test\/huge\.h5 is read from a copy of 1000000000000000 bytes, but .* free; set TMPDIR/,
    ) as string,
  });
});
