import { randomBytes } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { MinioOptions } from "../../activities/stores/minio-client.ts";
import { parseEndpoint } from "../../activities/stores/endpoint.ts";
import { stopBackground } from "../../infra/servers/background.ts";
import { freePort } from "../../infra/servers/free-port.ts";
import { startMinio } from "../../infra/servers/minio-server.ts";
import { piecePaths } from "../../infra/setup/paths.mjs";

/** A real MinIO of its own on loopback, its files below `parent`, with random keys and no bucket yet. Stop it. */
export async function startTestMinio(parent = tmpdir()): Promise<{
  readonly options: MinioOptions;
  readonly pid: number;
  stop(): Promise<void>;
}> {
  const { minio: binary } = piecePaths();
  if (binary === undefined) {
    throw new Error("MinIO is missing: run `npm run setup`, or set MICROTOME_MINIO_PATH");
  }
  const folder = await mkdtemp(join(parent, "microtome-minio-"));
  const [accessKey, secretKey] = [randomBytes(10).toString("hex"), randomBytes(20).toString("hex")];
  const server = await startMinio({
    binary,
    port: await freePort(),
    dataDir: join(folder, "data"),
    logFile: join(folder, "log"),
    accessKey,
    secretKey,
    detached: false,
  });
  return {
    options: { ...parseEndpoint(server.endpoint), accessKey, secretKey, bucket: "test" },
    pid: server.pid,
    async stop() {
      await stopBackground([server], 5000);
      await rm(folder, { recursive: true, force: true });
    },
  };
}
