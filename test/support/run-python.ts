import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { piecePaths } from "../../infra/setup/paths.mjs";

const run = promisify(execFile);

/** The Python that has numpy, tifffile, nibabel and zarr: `MICROTOME_TEST_PYTHON`, else the set-up's. */
export async function testPython(): Promise<string> {
  const { testPython: found } = piecePaths();
  if (found !== undefined) return found;
  throw new Error(
    "The tests' Python is missing: run `npm run setup`, or set MICROTOME_TEST_PYTHON",
  );
}

/** Run a script in it and give back what it prints. Arguments are `sys.argv[1:]`. */
export async function runPython(script: string, ...args: string[]): Promise<string> {
  const { stdout } = await run(await testPython(), ["-W", "ignore", "-c", script, ...args], {
    maxBuffer: 64 * 1024 * 1024,
  });
  return stdout;
}
