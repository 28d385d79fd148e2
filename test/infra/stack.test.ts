import {
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  readlinkSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { once } from "node:events";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Client, Connection } from "@temporalio/client";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { readSettings } from "../../activities/settings.ts";
import { createMinioStore } from "../../activities/stores/minio-store.ts";
import { storeOptions } from "../../activities/stores/store-options.ts";
import { runChecks } from "../../infra/servers/doctor.ts";
import { freePort } from "../../infra/servers/free-port.ts";
import { type Stack, down, up } from "../../infra/servers/stack.ts";
import { stackFiles } from "../../infra/servers/stack-state.ts";
import { startMinio } from "../../infra/servers/minio-server.ts";
import { isAlive, processIdentity } from "../../infra/setup/process-identity.mjs";
import { piecePaths } from "../../infra/setup/paths.mjs";

// One stack, told as a story: each test goes on where the one before it stopped.

const dir = mkdtempSync(join(tmpdir(), "microtome-stack-"));
const files = stackFiles(dir);
const text = (bytes: Uint8Array | undefined) => bytes && new TextDecoder().decode(bytes);

let stack: Stack;
const lines: string[] = [];
const bringUp = () => up({ dir, roles: [], onProgress: (line) => lines.push(line) });
const storeOf = ({ settings }: Stack) => createMinioStore(storeOptions(settings.store));

beforeAll(async () => {
  // Not the usual ports: somebody's own stack may be there, and other tests run beside this one.
  const [temporal, ui, store] = [await freePort(), await freePort(), await freePort()];

  mkdirSync(files.folder);
  writeFileSync(files.ports, JSON.stringify({ temporal, ui, store }));
  stack = await bringUp();
});
afterAll(async () => {
  await down({ dir });
  rmSync(dir, { recursive: true });
});

async function client(): Promise<Client> {
  return new Client({
    connection: await Connection.connect({ address: stack.settings.temporal.address }),
  });
}

/** The local addresses on which a process listens, as the kernel writes them. */
function listening(pid: number): readonly string[] {
  const sockets = new Set(
    readdirSync(`/proc/${pid}/fd`).flatMap((fd) => {
      try {
        return /^socket:\[(\d+)\]$/.exec(readlinkSync(`/proc/${pid}/fd/${fd}`))?.[1] ?? [];
      } catch {
        return [];
      }
    }),
  );
  return ["tcp", "tcp6"].flatMap((protocol) =>
    readFileSync(`/proc/${pid}/net/${protocol}`, "utf8")
      .split("\n")
      .slice(1)
      .map((line) => line.trim().split(/\s+/))
      .filter((fields) => fields[3] === "0A" && sockets.has(fields[9]!))
      .map((fields) => fields[1]!.split(":")[0]!),
  );
}

const LOOPBACK = ["0100007F", "00000000000000000000000001000000"];

describe("a local stack", () => {
  test("answers, and says where it is", async () => {
    const { temporal, store } = stack.settings;
    const known = readSettings({}, dir);
    expect(known).toEqual({ temporal, store, stack: files.folder });
    await (await client()).workflow.start("nobody", { taskQueue: "none", workflowId: "kept" });
    await storeOf(stack).put("a/b", new TextEncoder().encode("kept"));
    expect(text(await storeOf(stack).get("a/b"))).toBe("kept");
  });

  test("listens on loopback alone, with every port that its servers open", () => {
    for (const { pid } of [stack.state.temporal, stack.state.store]) {
      const addresses = listening(pid);
      expect(addresses.length).toBeGreaterThan(0);
      expect(addresses.filter((address) => !LOOPBACK.includes(address))).toEqual([]);
    }
  });

  test("keeps random keys where only this user can read them", () => {
    expect(stack.settings.store.secretKey).toMatch(/^[\w-]{40}$/);
    expect(statSync(files.credentials).mode & 0o777).toBe(0o600);
    expect(statSync(files.folder).mode & 0o777).toBe(0o700);
    for (const log of readdirSync(files.logs)) {
      const content = readFileSync(join(files.logs, log), "utf8");
      expect(content).not.toContain(stack.settings.store.secretKey);
    }
  });

  test("is left as it is by a second `up`, and by two at once", async () => {
    lines.length = 0;
    const again = await Promise.all([bringUp(), bringUp()]);
    expect(again.map(({ state }) => state)).toEqual([stack.state, stack.state]);
    expect(lines.filter((line) => /runs already/.test(line))).toHaveLength(4);
  });

  test("comes back after kill -9, at the same addresses, with what it knew", async () => {
    const before = stack;
    process.kill(before.state.temporal.pid, "SIGKILL");
    process.kill(before.state.store.pid, "SIGKILL");
    while (isAlive(before.state.store.pid, before.state.store.identity)) await sleep(20);
    stack = await bringUp();
    expect(stack.settings).toEqual(before.settings);
    expect(stack.state.temporal.pid).not.toBe(before.state.temporal.pid);
    expect(text(await storeOf(stack).get("a/b"))).toBe("kept");
    const { status } = await (await client()).workflow.getHandle("kept").describe();
    expect(status.name).toBe("RUNNING");
  });

  test("moves to a free port when someone took its own meanwhile", async () => {
    const { pid, identity, endpoint } = stack.state.store;
    process.kill(pid, "SIGKILL");
    while (isAlive(pid, identity)) await sleep(20);
    const port = Number(new URL(endpoint).port);
    const squatter = createServer().listen(await freePort(port, 5000), "127.0.0.1");
    await once(squatter, "listening");
    try {
      stack = await bringUp();
      expect(stack.state.store.endpoint).not.toBe(endpoint);
      expect(text(await storeOf(stack).get("a/b"))).toBe("kept");
    } finally {
      await new Promise((resolve) => squatter.close(resolve));
    }
  });

  test("passes the doctor's checks of servers, conditional writes and clock", async () => {
    const checks = await runChecks({ env: process.env, dir, ...stack.settings });
    const state = Object.fromEntries(checks.map(({ name, ok }) => [name, ok]));
    expect(state).toMatchObject({
      Node: true,
      Temporal: true,
      "Object store": true,
      "Conditional write": true,
      Clock: true,
      TensorFlow: true,
      "MinIO, set up": true,
    });
    const listed = [];
    for await (const { key } of storeOf(stack).list("")) listed.push(key);
    expect(listed).toEqual(["a/b"]);
  });

  test("is told apart by the doctor from wrong keys, a missing bucket, and nobody there", async () => {
    const { store, temporal } = stack.settings;
    const nobody = `127.0.0.1:${await freePort()}`;
    const look = async (change: object, address = temporal.address) =>
      (
        await runChecks({
          env: process.env,
          dir,
          store: { ...store, ...change },
          temporal: { ...temporal, address },
        })
      ).filter(({ name }) => name === "Object store" || name === "Temporal");
    const [, denied] = await look({ secretKey: "wrong" });
    expect(denied).toMatchObject({
      ok: false,
      unreachable: true,
      fix: expect.stringContaining("AWS_SECRET") as string,
    });
    const [, noBucket] = await look({ bucket: "none-such" });
    expect(noBucket).toMatchObject({
      ok: false,
      detail: expect.stringContaining("no bucket none-such") as string,
    });
    const gone = await look({ endpoint: `http://${nobody}` }, nobody);
    expect(gone).toMatchObject([
      { ok: false, unreachable: true },
      { ok: false, unreachable: true },
    ]);
  });

  test("goes down without touching a process that merely has a recorded number", async () => {
    const { temporal, store } = stack.state;
    const bystander = {
      role: "cpu",
      log: "",
      temporal: "",
      store: "",
      pid: process.pid,
      identity: "another boot/1",
    };
    writeFileSync(files.state, JSON.stringify({ ...stack.state, workers: [bystander] }));
    await down({ dir });
    expect(isAlive(temporal.pid, temporal.identity)).toBe(false);
    expect(isAlive(store.pid, store.identity)).toBe(false);
    expect(processIdentity(process.pid)).toBeDefined();
    expect(readSettings({}, dir)).toBeUndefined();
    lines.length = 0;
    await down({ dir, onProgress: (line) => lines.push(line) });
    expect(lines).toEqual(["Nothing runs here"]);
  });

  test("comes up again with its data, even with a damaged state file", async () => {
    writeFileSync(files.state, '{"version": 1, "temp');
    const before = stack;
    stack = await bringUp();
    expect(stack.settings).toEqual(before.settings);
    expect(text(await storeOf(stack).get("a/b"))).toBe("kept");
  });
});

test("a server that cannot start says why, with the end of its log", async () => {
  const started = startMinio({
    binary: piecePaths().minio!,
    port: Number(new URL(stack.state.store.endpoint).port),
    dataDir: join(dir, "other"),
    logFile: join(dir, "other.log"),
    accessKey: "microtome",
    secretKey: "microtome-secret",
  });
  await expect(started).rejects.toThrow(
    /MinIO ended while it started \(its port is taken\)[^]*other\.log:\n {2}\S/,
  );
});
