// `npm run bench -- AREA [options]`: measure this checkout against its peers; see docs/performance.md.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChild } from "./child.mjs";
import { setup } from "./setup.mjs";
import { pieceEnvironment } from "./setup/paths.mjs";

const CHECKOUT = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const asks = args.length === 0 || args.includes("--help") || args.includes("-h");

/** What each area measures with, besides the node modules and the tests' Python. */
const PIECES = { volumes: ["minio"], training: ["tensorflow", "tensorflow-addon"] };
const needed = PIECES[args.find((arg) => !arg.startsWith("-"))] ?? [];

const { code } = asks
  ? { code: 0 }
  : await setup({ only: ["node-modules", "test-python", ...needed], quiet: true });
process.exitCode =
  code !== 0
    ? code
    : await runChild(
        process.execPath,
        [join(CHECKOUT, "infra/run.mjs"), join(CHECKOUT, "test/bench/bench.ts"), ...args],
        { cwd: CHECKOUT, env: { ...process.env, ...pieceEnvironment() } },
      );
