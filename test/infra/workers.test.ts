import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, expect, test } from "vitest";
import { stopBackground } from "../../infra/servers/background.ts";
import { startWorker } from "../../infra/servers/workers.ts";
import { isAlive } from "../../infra/setup/process-identity.mjs";

const folder = mkdtempSync(join(tmpdir(), "microtome-workers-"));
afterAll(() => rmSync(folder, { recursive: true }));

const settings = {
  temporal: { address: "127.0.0.1:1", namespace: "default" },
  store: {
    endpoint: "http://127.0.0.1:2",
    accessKey: "key",
    secretKey: "secret",
    region: "us-east-1",
    bucket: "microtome",
  },
  stack: undefined,
};

function program(name: string, body: string): string {
  const path = join(folder, `${name}.mts`);
  writeFileSync(path, body);
  return path;
}

test("a worker gets its role and servers, and counts as started once it says that it is ready", async () => {
  const worker = await startWorker({
    role: "cpu",
    settings,
    logs: folder,
    program: program(
      "good",
      `const { MICROTOME_ROLE: role, TEMPORAL_ADDRESS, AWS_ENDPOINT_URL } = process.env;
       console.error(TEMPORAL_ADDRESS, AWS_ENDPOINT_URL);
       setTimeout(() => console.error(\`microtome worker ready: \${role}\`), 300);
       process.on("SIGTERM", () => { console.error("saved"); process.exit(0); });
       setInterval(() => {}, 1000);`,
    ),
  });
  expect(worker).toMatchObject({
    role: "cpu",
    temporal: "127.0.0.1:1",
    store: "http://127.0.0.1:2",
  });
  expect(await stopBackground([worker], 5000)).toEqual([]);
  expect(readFileSync(worker.log, "utf8")).toBe(
    "127.0.0.1:1 http://127.0.0.1:2\nmicrotome worker ready: cpu\nsaved\n",
  );
});

test("a worker that ends before it is ready fails with the end of its log", async () => {
  const started = startWorker({
    role: "gpu",
    settings,
    logs: folder,
    program: program("bad", `throw new Error("no engine: it is " + (6 * 7));`),
  });
  await expect(started).rejects.toThrow(
    /The gpu worker ended while it started[^]*no engine: it is 42/,
  );
});

test("a worker that does not listen is killed with its children after the time of grace", async () => {
  const worker = await startWorker({
    role: "workflow",
    settings,
    logs: folder,
    program: program(
      "deaf",
      `import { spawn } from "node:child_process";
       const child = spawn("sleep", ["60"]);
       process.on("SIGTERM", () => {});
       console.error("child", child.pid);
       console.error("microtome worker ready: workflow");
       setInterval(() => {}, 1000);`,
    ),
  });
  const child = Number(/child (\d+)/.exec(readFileSync(worker.log, "utf8"))![1]);
  expect(await stopBackground([worker], 300)).toEqual([worker]);
  expect(isAlive(worker.pid, worker.identity)).toBe(false);
  await expect
    .poll(() => {
      try {
        return readFileSync(`/proc/${child}/stat`, "utf8").split(") ")[1]![0];
      } catch {
        return "gone";
      }
    })
    .toMatch(/^(?:gone|Z)$/);
});
