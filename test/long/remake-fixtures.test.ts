import { execFileSync } from "node:child_process";
import { fileURLToPath } from "node:url";
import { beforeAll, expect, test } from "vitest";
import { cacheRoot } from "../../infra/setup/cache.mjs";
import { bringTorch } from "../../infra/setup/torch.mjs";
import { torchFixture } from "../support/torch-fixture.ts";

const SCRIPTS = fileURLToPath(new URL("../fixtures/make/torch/", import.meta.url));

let python: string;

beforeAll(async () => {
  const { env } = process;
  python = await bringTorch({ root: cacheRoot(env), env });
}, 600_000);

// How each was made: `<python> <script> <arguments> > test/fixtures/torch/<name>.json`.
test.each([
  ["losses", "losses.py"],
  ["mocov3", "mocov3.py"],
  ["resnet18", "resnet.py", "resnet18"],
  ["resnet34", "resnet.py", "resnet34"],
  ["resnet50", "resnet.py", "resnet50"],
  ["resnet152", "resnet.py", "resnet152", "8"],
])(
  "torch computes the committed numbers of %s again",
  (name, ...command) => {
    const output = execFileSync(python, command, { cwd: SCRIPTS, encoding: "utf8" });
    const [made, committed] = [JSON.parse(output) as unknown, torchFixture<unknown>(name)];
    expect(differences(made, committed)).toEqual([]);
  },
  300_000,
);

/** Numbers may differ in the last of seven digits, in an array of its largest one. */
function differences(a: unknown, b: unknown, path = "", unit = 0): string[] {
  if (typeof a === "number" && typeof b === "number") {
    const allowed = 2e-6 * Math.max(unit, Math.abs(b)) + 1e-12;
    return Math.abs(a - b) <= allowed ? [] : [`${path}: ${a}, was ${b}`];
  }
  if (typeof a !== "object" || typeof b !== "object" || a === null || b === null) {
    return a === b ? [] : [`${path}: ${String(a)}, was ${String(b)}`];
  }
  const [left, right] = [new Map(Object.entries(a)), new Map(Object.entries(b))];
  const numbers = [...right.values()].filter((v) => typeof v === "number");
  const largest = Array.isArray(b) ? Math.max(0, ...numbers.map(Math.abs)) : 0;
  return [...new Set([...left.keys(), ...right.keys()])].flatMap((key) =>
    differences(left.get(key), right.get(key), `${path}/${key}`, largest),
  );
}
