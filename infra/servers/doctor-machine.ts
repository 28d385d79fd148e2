import { readFileSync, statfsSync } from "node:fs";
import { freemem, totalmem } from "node:os";
import { findCompiler } from "../setup/compiler.mjs";
import { piecePaths } from "../setup/paths.mjs";
import { findPython } from "../setup/python.mjs";
import { OLDEST_NODE, VERSIONS } from "../setup/versions.mjs";
import type { Check } from "./doctor.ts";

const SETUP = "npm run setup";
const GB = 2 ** 30;
const LITTLE_DISK = 5 * GB;
const LITTLE_MEMORY = 2 * GB;

/** Node, Python, compiler, the pieces in the cache, disk and memory. */
export async function checkMachine(env: NodeJS.ProcessEnv, dir: string): Promise<readonly Check[]> {
  return [
    node(),
    await tool("Python", "needed to set up", async () => {
      const { command, version } = await findPython(env);
      return `${version} (${command})`;
    }),
    await tool("C++ compiler", "needed to set up", async () => {
      const { command, version } = await findCompiler(env);
      return `${version} (${command})`;
    }),
    ...pieces(env),
    disk(dir),
    memory(),
  ];
}

function node(): Check {
  const [major = 0, minor = 0] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  const ok = major > oldestMajor || (major === oldestMajor && minor >= oldestMinor);
  const fix = `Install Node ${OLDEST_NODE.join(".")} or newer`;
  return { name: "Node", ok, detail: process.versions.node, ...(!ok && { fix }) };
}

/** Without these only the set-up cannot run, so their absence is a warning. */
async function tool(name: string, why: string, find: () => Promise<string>): Promise<Check> {
  try {
    return { name, ok: true, detail: await find() };
  } catch (error) {
    return { name, ok: "warn", detail: `not usable (${why})`, fix: messageOf(error) };
  }
}

function pieces(env: NodeJS.ProcessEnv): readonly Check[] {
  const paths = piecePaths(env);
  const list = [
    ["Temporal CLI", paths.temporal, VERSIONS.temporal],
    ["Temporal test server", paths.temporalTestServer, VERSIONS.temporalTestServer],
    ["MinIO", paths.minio, VERSIONS.minio],
    ["TensorFlow addon", paths.tensorflowAddon, VERSIONS.tensorflow],
  ] as const;
  return list.map(([piece, path, version]) => {
    const name = `${piece}, set up`;
    if (path !== undefined) return { name, ok: true, detail: `${version} (${path})` };
    return {
      name,
      ok: false,
      detail: `${version} is not in ${paths.cacheRoot}`,
      fix: `Run \`${SETUP}\``,
    };
  });
}

function disk(dir: string): Check {
  const name = "Free disk";
  try {
    const { bavail, bsize } = statfsSync(dir);
    const free = bavail * bsize;
    const detail = `${gigabytes(free)} GB in ${dir}`;
    if (free >= LITTLE_DISK) return { name, ok: true, detail };
    return {
      name,
      ok: "warn",
      detail,
      fix: "Free some space: a scan needs about its own size in the store",
    };
  } catch (error) {
    return { name, ok: "warn", detail: messageOf(error) };
  }
}

function memory(): Check {
  const name = "Free memory";
  const available = availableMemory();
  const detail = `${gigabytes(available)} of ${gigabytes(totalmem())} GB`;
  if (available >= LITTLE_MEMORY) return { name, ok: true, detail };
  return { name, ok: "warn", detail, fix: "Close other programs: training needs about 2 GB" };
}

/** What Linux could give away, caches included; `freemem` leaves those out. */
function availableMemory(): number {
  try {
    const match = /^MemAvailable:\s+(\d+) kB/m.exec(readFileSync("/proc/meminfo", "utf8"));
    return match === null ? freemem() : Number(match[1]) * 1024;
  } catch {
    return freemem();
  }
}

function gigabytes(bytes: number): string {
  return (bytes / GB).toFixed(1);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
