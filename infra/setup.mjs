// `npm run setup`: bring everything the pipeline needs into this checkout and the user's cache.
// No dependencies and no TypeScript: it is the first thing that runs after a clone.
import { mkdirSync, realpathSync } from "node:fs";
import { constants } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { bringAll, isThere, select } from "./setup/bring.mjs";
import { cacheRoot, findPiece, sweepDrafts } from "./setup/cache.mjs";
import { SetupFailure, toLine } from "./setup/failure.mjs";
import { withLock } from "./setup/lock.mjs";
import { linkCommand } from "./setup/node-modules.mjs";
import { PIECES } from "./setup/piece-names.mjs";
import { createProgress } from "./setup/progress.mjs";
import { OLDEST_NODE } from "./setup/versions.mjs";

const CHECKOUT = dirname(dirname(fileURLToPath(import.meta.url)));

const USAGE = `Usage: npm run setup -- [options]

Brings node modules, the Temporal CLI and test server, MinIO, and TensorFlow with its addon.
What is there already is left alone; an interrupted run goes on where it stopped.

  --gpu          the CUDA build of TensorFlow (several GB; needs an NVIDIA GPU to be of use)
  --with A,B     these as well: qim3d (scans for the demo), test-python
  --all          everything, those two included
  --only A,B     only these (and what they need)
  --quiet        say nothing but failures
  --help         this text

The cache is \${XDG_CACHE_HOME:-~/.cache}/microtome. TEMPORAL_CLI_PATH, TEMPORAL_TEST_SERVER_PATH,
MICROTOME_MINIO_PATH and MICROTOME_TFJS_ADDON each name a file to use instead of its piece; PYTHON
and CXX the Python and the C++ compiler.
`;

/**
 * Bring the pieces: the usual ones and those of `extra`, or the ones of `only`. Never throws for a
 * piece that cannot be brought: says so in one line on `stream`, goes on with the others, and
 * returns `code`: 0 all there, 1 something failed, 130 and the like when a signal ended it.
 */
export async function setup(options = {}) {
  const { only, extra, quiet = false, env = process.env, stream = process.stderr } = options;
  const { checkout = CHECKOUT } = options;
  const root = cacheRoot(env);
  const gpu = options.gpu ?? prefersGpu(env, root);
  const progress = createProgress({ stream, env, quiet });
  const interruption = listen();
  const context = { root, checkout, env, gpu, signal: interruption.signal };
  const fail = (message) => {
    stream.write(`✗ ${message}\n`);
    return { code: 1, failures: [{ piece: "setup", message }] };
  };
  try {
    requireMachine();
    const wanted = select({ only, extra });
    if (wanted.every((piece) => isThere(piece, context))) {
      linkCommand(checkout);
      progress.line(`Set-up: everything is in place (${root})`);
      return { code: 0, failures: [] };
    }
    mkdirSync(root, { recursive: true });
    progress.line(`Set-up: bringing what is missing to ${root}`);
    const failures = await withLock(
      join(root, ".lock"),
      async () => {
        sweepDrafts(root);
        return bringAll(wanted, context, progress);
      },
      {
        signal: interruption.signal,
        onWait: (pid) =>
          progress.line(`Another set-up (process ${pid}) is at work: waiting for it`),
      },
    );
    progress.close();
    if (interruption.signal.aborted) return interrupted(interruption, stream);
    linkCommand(checkout);
    if (failures.length > 0) {
      stream.write(
        `Set-up: ${failures.length} of ${wanted.length} pieces failed; run again to continue\n`,
      );
      return { code: 1, failures };
    }
    progress.line(`Set-up: done in ${progress.elapsed().toFixed(0)} s`);
    return { code: 0, failures: [] };
  } catch (error) {
    if (interruption.signal.aborted) return interrupted(interruption, stream);
    return fail(toLine(error, root));
  } finally {
    progress.close();
    interruption.stop();
  }
}

function interrupted({ code }, stream) {
  stream.write("Set-up: interrupted; the next run goes on from here\n");
  return { code: code(), failures: [] };
}

/** Once `--gpu` brought the CUDA build it stays chosen, unless `MICROTOME_GPU=0`. */
function prefersGpu(env, root) {
  if (env.MICROTOME_GPU === "0") return false;
  return env.MICROTOME_GPU === "1" || findPiece(root, PIECES.tensorflow(true)) !== undefined;
}

function requireMachine() {
  const [major, minor] = process.versions.node.split(".").map(Number);
  const [oldestMajor, oldestMinor] = OLDEST_NODE;
  if (major < oldestMajor || (major === oldestMajor && minor < oldestMinor)) {
    throw new SetupFailure(
      `Node >= ${OLDEST_NODE.join(".")} is needed and this is ${process.versions.node}: install a newer one`,
    );
  }
  if (process.platform !== "linux") {
    throw new SetupFailure(
      `The local servers and engine run on Linux (x86-64), and this is ${process.platform}: use a Linux machine, container or WSL`,
    );
  }
}

/** Turn the first SIGINT, SIGTERM or SIGHUP into an abort; a second one ends us at once. */
function listen() {
  const controller = new AbortController();
  let received;
  const handler = (signal) => {
    if (received !== undefined) process.exit(128 + constants.signals[signal]);
    received = signal;
    controller.abort();
  };
  const signals = ["SIGINT", "SIGTERM", "SIGHUP"];
  for (const signal of signals) process.on(signal, handler);
  return {
    signal: controller.signal,
    code: () => 128 + constants.signals[received],
    stop: () => signals.forEach((signal) => process.off(signal, handler)),
  };
}

async function main() {
  let values;
  try {
    ({ values } = parseArgs({
      options: {
        gpu: { type: "boolean" },
        all: { type: "boolean" },
        quiet: { type: "boolean" },
        help: { type: "boolean", short: "h" },
        only: { type: "string" },
        with: { type: "string" },
      },
    }));
  } catch (error) {
    process.stderr.write(`${error.message}\n\n${USAGE}`);
    return 2;
  }
  if (values.help) {
    process.stdout.write(USAGE);
    return 0;
  }
  const list = (text) => text?.split(",").filter(Boolean);
  const { code } = await setup({
    gpu: values.gpu,
    quiet: values.quiet,
    only: list(values.only),
    extra: values.all ? ["qim3d", "test-python"] : list(values.with),
  });
  return code;
}

if (
  process.argv[1] !== undefined &&
  realpathSync(process.argv[1]) === fileURLToPath(import.meta.url)
) {
  process.exitCode = await main();
}
