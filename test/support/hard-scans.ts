import { execFile } from "node:child_process";
import { resolve } from "node:path";
import { promisify } from "node:util";
import { testPython } from "./run-python.ts";
import { sharedData, sharedFile } from "./shared-data.ts";

/** Real mouse heads inside simulated tubes, as NIfTI with masks and `truth.json`; made in about a minute. */
export async function makeHardScans(
  folder: string,
  { preset = "hard", only = [] }: { preset?: "hard" | "hard2"; only?: readonly string[] } = {},
): Promise<void> {
  const script = resolve(sharedData, "../bench/hard_scans.py");
  const args = [folder, sharedFile("mouse_heads/targets"), "--preset", preset];
  await promisify(execFile)(await testPython(), [
    script,
    ...args,
    ...(only.length > 0 ? ["--only", ...only] : []),
  ]);
}
