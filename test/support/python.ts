import { execFileSync } from "node:child_process";
import type { Grid } from "../../domain/volumes/shape.ts";
import { testPython } from "./run-python.ts";

const interpreter = await testPython();

/**
 * Run numpy on the inputs, which are variables of their names (a grid is an array of its shape), and
 * give back what the program calls `out`: arrays flat, lists as lists.
 */
export function python<T>(
  program: string,
  inputs: Readonly<Record<string, Grid | ArrayLike<number> | number>>,
): T {
  const values = Object.fromEntries(
    Object.entries(inputs).map(([name, value]) => [
      name,
      typeof value === "number"
        ? value
        : "shape" in value
          ? {
              shape: value.shape,
              data: Array.from(value.data),
              float: value.data instanceof Float32Array,
            }
          : Array.from(value),
    ]),
  );
  const script = `import json, sys
import numpy as np
def take(v):
    if isinstance(v, dict):
        return np.array(v["data"], np.float32 if v["float"] else int).reshape(v["shape"])
    return v
def give(v):
    if isinstance(v, (list, tuple)): return [give(x) for x in v]
    if isinstance(v, np.ndarray): return v.ravel().tolist()
    return v.item() if isinstance(v, np.generic) else v
globals().update({k: take(v) for k, v in json.load(sys.stdin).items()})
${program}
json.dump(give(out), sys.stdout)`;
  const json = execFileSync(interpreter, ["-c", script], {
    input: JSON.stringify(values),
    maxBuffer: 256 * 1024 * 1024,
    encoding: "utf8",
  });
  return JSON.parse(json) as T;
}
