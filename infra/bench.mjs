// `npm run bench -- AREA [options]`: measure this checkout against its peers; see docs/performance.md.
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChild } from "./child.mjs";
import { setup } from "./setup.mjs";
import { pieceEnvironment } from "./setup/paths.mjs";

const CHECKOUT = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const asks = args.length === 0 || args.includes("--help") || args.includes("-h");

const { code } = asks
  ? { code: 0 }
  : await setup({ only: ["node-modules", "minio", "test-python"], quiet: true });
process.exitCode =
  code !== 0
    ? code
    : await runChild(
        process.execPath,
        [join(CHECKOUT, "infra/run.mjs"), join(CHECKOUT, "test/bench/bench.ts"), ...args],
        { cwd: CHECKOUT, env: { ...process.env, ...pieceEnvironment() } },
      );
