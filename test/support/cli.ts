import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../../cli/microtome.mjs", import.meta.url));

export interface CliAnswer {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Run `microtome` as a user would, in `cwd`; the servers are those of the stack found there. */
export function microtome(
  cwd: string,
  args: readonly string[],
  env: NodeJS.ProcessEnv = {},
): Promise<CliAnswer> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd,
      env: { ...process.env, NO_COLOR: "1", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    });
    let [stdout, stderr] = ["", ""];
    child.stdout.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    child.stderr.setEncoding("utf8").on("data", (text: string) => (stderr += text));
    child.once("error", reject);
    child.once("close", (code) => resolve({ code, stdout, stderr }));
  });
}

/** The one JSON document that a command printed. */
export function documentOf<T>({ stdout, stderr, code }: CliAnswer): T {
  try {
    return JSON.parse(stdout) as T;
  } catch {
    throw new Error(`Expected a JSON document (exit code ${code}), got:\n${stdout}\n${stderr}`);
  }
}
