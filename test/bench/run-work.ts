import { type ChildProcess, spawn } from "node:child_process";
import { fileURLToPath } from "node:url";
import { testPython } from "../support/run-python.ts";
import { watchMemory } from "./watch-memory.ts";

const live = new Set<ChildProcess>();
process.on("exit", () => live.forEach((child) => child.kill()));

const RUN = fileURLToPath(new URL("../../infra/run.mjs", import.meta.url));

/** What a work says of itself, beside what it is asked for. */
export interface Work {
  /** Around the work alone: no start of the process, no imports. */
  readonly seconds: number;
  /** Of all its cores together: tells a busy machine from a slow work. */
  readonly cpuSeconds: number;
  /** The most resident memory of the process with its children. */
  readonly peakBytes: number;
}

/** Run a work of ours in a process of its own, as jobs run. `main` prints its result as JSON. */
export async function runOurs<R = Work>(
  main: URL,
  name: string,
  input: unknown,
): Promise<R & Work> {
  return runWork(process.execPath, [RUN, fileURLToPath(main), name, JSON.stringify(input)]);
}

/** Run a peer's work in the tests' Python, or in another one. */
export async function runPeer<R = Work>(
  main: URL,
  name: string,
  input: unknown,
  python?: string,
): Promise<R & Work> {
  const args = ["-W", "ignore", fileURLToPath(main), name, JSON.stringify(input)];
  return runWork(python ?? (await testPython()), args);
}

function runWork<R>(command: string, args: readonly string[]): Promise<R & Work> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { stdio: ["ignore", "pipe", "pipe"] });
    live.add(child);
    const memory = watchMemory(child.pid!);
    let [output, errors] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (output += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (errors += text));
    child.on("error", reject);
    child.on("close", (code, signal) => {
      live.delete(child);
      const watched = memory.stop();
      if (code !== 0) {
        reject(
          new Error(`${args.join(" ")} ended with ${code ?? signal}:\n${errors.slice(-4000)}`),
        );
        return;
      }
      const result = JSON.parse(output.trim().split("\n").at(-1)!) as R & Work;
      resolve({ ...result, peakBytes: Math.max(result.peakBytes, watched) });
    });
  });
}
