import { spawn } from "node:child_process";
import { fileURLToPath } from "node:url";

const BIN = fileURLToPath(new URL("../microtome.mjs", import.meta.url));

export interface CliResult {
  readonly code: number;
  /** What it printed, where it was captured. */
  readonly stdout: string;
}

/**
 * Run one `microtome` command as a user would, in `cwd`.
 *
 * Its terminal is ours unless `capture` asks for its output. Aborting interrupts it as Ctrl-C does.
 */
export function runCli(
  args: readonly string[],
  options: { readonly cwd: string; readonly signal: AbortSignal; readonly capture?: boolean },
): Promise<CliResult> {
  const { cwd, signal, capture = false } = options;
  signal.throwIfAborted();
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [BIN, ...args], {
      cwd,
      // What is captured is read by us alone: an expected "there is no batch" would only puzzle.
      stdio: capture ? ["ignore", "pipe", "ignore"] : ["ignore", "inherit", "inherit"],
    });
    let stdout = "";
    child.stdout?.setEncoding("utf8").on("data", (text: string) => (stdout += text));
    const interrupt = () => child.kill("SIGINT");
    signal.addEventListener("abort", interrupt, { once: true });
    child.once("error", reject);
    child.once("close", (code) => {
      signal.removeEventListener("abort", interrupt);
      if (signal.aborted) reject(signal.reason as Error);
      else resolve({ code: code ?? 1, stdout });
    });
  });
}
