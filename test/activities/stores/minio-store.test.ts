import { createHash } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from "vitest";
import type { MinioOptions } from "../../../activities/stores/minio-client.ts";
import { createMinioStore, ensureBucket } from "../../../activities/stores/minio-store.ts";
import { StoreUnavailable } from "../../../domain/errors.ts";
import { freePort } from "../../../infra/servers/free-port.ts";
import { startTestMinio } from "../../support/minio.ts";
import { listAll, storeConformance } from "./conformance.ts";

let minio: Awaited<ReturnType<typeof startTestMinio>>;
let count = 0;

beforeAll(async () => {
  minio = await startTestMinio();
  await ensureBucket(minio.options);
});
afterAll(() => minio.stop());

storeConformance(async () => ({ store: createMinioStore(minio.options), root: `t${count++}` }));

it("lists more objects than one page holds, each once and in order", async () => {
  const store = createMinioStore(minio.options);
  const keys = Array.from({ length: 1005 }, (_, i) => `pages/${String(i).padStart(5, "0")}`);
  for (let i = 0; i < keys.length; i += 15) {
    await Promise.all(keys.slice(i, i + 15).map((key) => store.put(key, new Uint8Array(1))));
  }
  expect((await listAll(store, "pages/")).map(({ key }) => key)).toEqual(keys);
});

it("has the server compare what arrives with its digest", async () => {
  const store = createMinioStore(minio.options);
  const shared = new Uint8Array(new SharedArrayBuffer(5000)).fill(7);
  const digest = createHash("sha256").update(shared).digest("hex");
  await store.put("compared", shared, digest);
  expect(await store.get("compared")).toEqual(new Uint8Array(5000).fill(7));
  shared[4999] = 8;
  await expect(store.put("compared", shared, digest)).rejects.toThrow(/sha256|SHA256/i);
  expect(await store.get("compared")).toEqual(new Uint8Array(5000).fill(7));
});

it("makes a bucket once, however often it is asked and by how many", async () => {
  const options = { ...minio.options, bucket: "another" };
  await Promise.all([ensureBucket(options), ensureBucket(options), ensureBucket(options)]);
  await createMinioStore(options).put("a", new Uint8Array(1));
});

describe("says what is wrong", () => {
  it("with the keys, without trying again", async () => {
    const started = performance.now();
    for (const wrong of [
      { secretKey: "wrong-secret-key" },
      { accessKey: "nobody" },
      { accessKey: "", secretKey: "" },
    ]) {
      const store = createMinioStore({ ...minio.options, ...wrong });
      for (const use of [
        () => store.get("a"),
        () => store.head("a"),
        () => store.put("a", new Uint8Array(1)),
        () => store.putIfAbsent("a", new Uint8Array(1)),
        () => listAll(store, ""),
        () => store.delete("a"),
      ]) {
        await expect(use()).rejects.toMatchObject({
          name: "StoreDenied",
          message: expect.stringContaining(`127.0.0.1:${minio.options.port}`) as string,
        });
      }
    }
    expect(performance.now() - started).toBeLessThan(5000);
  });

  it("with the bucket", async () => {
    const store = createMinioStore({ ...minio.options, bucket: "never-made" });
    await expect(store.get("a")).rejects.toMatchObject({
      name: "NotFound",
      message: expect.stringContaining("Bucket never-made does not exist") as string,
    });
  });

  it("with a server that is not there, after a while, by its address", async () => {
    const store = createMinioStore({
      ...minio.options,
      port: await freePort(),
      giveUpAfterMs: 700,
    });
    const started = performance.now();
    await expect(store.get("a")).rejects.toMatchObject({
      name: "StoreUnavailable",
      message: expect.stringMatching(
        /http:\/\/127\.0\.0\.1:\d+ cannot be reached.*ECONNREFUSED/,
      ) as string,
    });
    expect(performance.now() - started).toBeGreaterThan(150);
  });

  it("with a server that never answers", async () => {
    const { options } = await standIn(() => undefined, { idleTimeoutMs: 200, giveUpAfterMs: 0 });
    await expect(createMinioStore(options).get("a")).rejects.toMatchObject({
      name: "StoreUnavailable",
      message: expect.stringContaining("no answer for 0.2 s") as string,
    });
  });
});

describe("tries again", () => {
  it("after lost connections and 503 answers, until it works", async () => {
    let requests = 0;
    const { options } = await standIn((request, response) => {
      requests++;
      if (requests === 1) request.socket.destroy();
      else if (requests === 2) response.writeHead(503).end();
      else
        response
          .writeHead(200, { "content-length": 2, "last-modified": "Thu, 01 Jan 2026 00:00:00 GMT" })
          .end("ok");
    });
    expect(Buffer.from((await createMinioStore(options).get("a"))!).toString()).toBe("ok");
    expect(requests).toBe(3);
  });

  it("after an answer that was cut off in the middle", async () => {
    let requests = 0;
    const { options } = await standIn((request, response) => {
      response.writeHead(200, { "content-length": 4 });
      if (++requests > 1) return response.end("good");
      response.write("ba");
      setTimeout(() => request.socket.destroy(), 20);
    });
    expect(Buffer.from((await createMinioStore(options).get("a"))!).toString()).toBe("good");
  });

  it("and knows its own write when the answer to it was lost", async () => {
    let stored: Buffer | undefined;
    const { options } = await standIn((request, response) => {
      const parts: Buffer[] = [];
      request.on("data", (part: Buffer) => parts.push(part));
      request.on("end", () => {
        if (request.method === "GET") return response.end(stored);
        if (stored !== undefined) {
          return response
            .writeHead(412)
            .end("<Error><Code>PreconditionFailed</Code><Message>there</Message></Error>");
        }
        stored = Buffer.concat(parts);
        request.socket.destroy();
      });
    });
    const store = createMinioStore(options);
    expect(await store.putIfAbsent("a", Buffer.from("mine"))).toBe(true);
    expect(await store.putIfAbsent("a", Buffer.from("mine"))).toBe(false);
  });

  it("but not for ever", async () => {
    const { options } = await standIn((_, response) => response.writeHead(500).end(), {
      giveUpAfterMs: 500,
    });
    await expect(createMinioStore(options).put("a", new Uint8Array(1))).rejects.toThrow(
      StoreUnavailable,
    );
  });
});

/** A server that answers as a test wants. */
async function standIn(
  answer: Parameters<typeof createServer>[1],
  more: Partial<MinioOptions> = {},
): Promise<{ readonly options: MinioOptions; readonly server: Server }> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  onTestFinished(() => {
    server.closeAllConnections();
    server.close();
  });
  const { port } = server.address() as AddressInfo;
  return { server, options: { ...minio.options, port, ...more } };
}
