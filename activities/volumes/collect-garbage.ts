import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";

type Gc = (options?: { readonly type: "minor" }) => void;

let gc: Gc | undefined;

/**
 * Let go of what is not used any more. Memory of native addons is small objects to V8, hundreds of
 * megabytes of which would wait for a collection that a busy thread has no reason to start. So is
 * memory that threads share, which only a major collection frees.
 */
export function collectGarbage(what: "minor" | "major" = "minor"): void {
  if (gc === undefined) {
    setFlagsFromString("--expose-gc");
    gc = runInNewContext("gc") as Gc;
  }
  if (what === "minor") gc({ type: "minor" });
  else gc();
}
