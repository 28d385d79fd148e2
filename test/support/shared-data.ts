import { existsSync } from "node:fs";
import { resolve } from "node:path";
import { fileURLToPath } from "node:url";

const root = fileURLToPath(new URL("../..", import.meta.url));

/** Where the real scans are: `$MICROTOME_SHARED/data`, else beside the checkout. */
export const sharedData = resolve(
  process.env["MICROTOME_SHARED"] ?? resolve(root, "../shared"),
  "data",
);

/** Why tests on real scans cannot run, or undefined when they can. With `MICROTOME_REQUIRE_DATA=1` they must. */
export const noSharedData: string | undefined =
  existsSync(sharedData) || process.env["MICROTOME_REQUIRE_DATA"] === "1"
    ? undefined
    : `no real scans: ${sharedData} does not exist (set MICROTOME_SHARED)`;

/** The path of one of the real scans. */
export function sharedFile(name: string): string {
  const path = resolve(sharedData, name);
  if (!existsSync(path)) throw new Error(`The real scan ${path} is missing`);
  return path;
}
