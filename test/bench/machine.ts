import { execFile } from "node:child_process";
import { readFile } from "node:fs/promises";
import { cpus, release, totalmem } from "node:os";
import { promisify } from "node:util";
import { testPython } from "../support/run-python.ts";
import { tensorFlowPython } from "../support/tensorflow-python.ts";

const run = promisify(execFile);

/** Each area's peers, and the Python that has them. */
const PEERS: Readonly<Record<string, readonly [() => Promise<string>, ...string[]]>> = {
  volumes: [testPython, "tensorstore", "zarr", "ome-zarr", "numpy", "scipy", "tifffile"],
  training: [tensorFlowPython, "keras", "tensorflow-cpu", "numpy"],
};

const VERSIONS = `import sys, importlib.metadata as m
print(", ".join(["Python %d.%d.%d" % sys.version_info[:3]] + [f"{name} {m.version(name)}" for name in sys.argv[1:]]))`;

/** Where and with what a table of an area was measured, one fact a line. */
export async function describeMachine(area: string): Promise<readonly string[]> {
  const processors = cpus();
  const [python, ...peers] = PEERS[area]!;
  const { stdout: versions } = await run(await python(), ["-c", VERSIONS, ...peers]);
  return [
    `Machine: ${processors[0]?.model ?? "unknown processor"}, ${processors.length} cores, ${(totalmem() / 1e9).toFixed(0)} GB memory, ${process.platform} ${release()}`,
    `Versions: Node ${process.versions.node}, ${versions.trim()}`,
    `Commit: ${await commit()}`,
    `Date: ${new Date().toISOString().slice(0, 10)}`,
  ];
}

async function commit(): Promise<string> {
  try {
    const { stdout: id } = await run("git", ["rev-parse", "--short=12", "HEAD"]);
    const { stdout: changes } = await run("git", [
      "status",
      "--porcelain",
      "--",
      "activities",
      "domain",
    ]);
    return id.trim() + (changes.trim() === "" ? "" : " with changes");
  } catch {
    const { version } = JSON.parse(await readFile("package.json", "utf8")) as { version: string };
    return `none, version ${version}`;
  }
}
