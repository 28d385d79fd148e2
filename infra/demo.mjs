// `npm run demo`: set everything up, then run the demonstration (`cli/demo.ts`).
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { runChild } from "./child.mjs";
import { setup } from "./setup.mjs";
import { pieceEnvironment } from "./setup/paths.mjs";

const CHECKOUT = dirname(dirname(fileURLToPath(import.meta.url)));
const args = process.argv.slice(2);
const gpu = args.includes("--gpu") ? true : undefined;
const asks = args.includes("--help") || args.includes("-h");

const { code } = await setup({ extra: ["qim3d"], gpu, quiet: asks });
process.exitCode =
  code !== 0
    ? code
    : await runChild(
        process.execPath,
        [
          join(CHECKOUT, "infra/run.mjs"),
          join(CHECKOUT, "cli/demo.ts"),
          ...args.filter((arg) => arg !== "--gpu"),
        ],
        { cwd: CHECKOUT, env: { ...process.env, ...pieceEnvironment() } },
      );
