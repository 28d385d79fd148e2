import { execFileSync } from "node:child_process";
import { piecePaths } from "../../../infra/setup/paths.mjs";

/** Run a Python program on some arguments, in the interpreter that has tifffile; its output as JSON. */
export function python(program: string, ...args: string[]): unknown {
  const interpreter = piecePaths().testPython;
  if (interpreter === undefined) {
    throw new Error(
      "The tests' Python is missing: run `npm run setup`, or set MICROTOME_TEST_PYTHON",
    );
  }
  return JSON.parse(execFileSync(interpreter, ["-c", program, ...args], { encoding: "utf8" }));
}
