import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildPiece, findPiece } from "./cache.mjs";
import { findCompiler } from "./compiler.mjs";
import { SetupFailure } from "./failure.mjs";
import { PIECES } from "./piece-names.mjs";
import { CommandFailed, runCommand } from "./run-command.mjs";
import { ADDON_FLAGS, VERSIONS } from "./versions.mjs";

const LOAD = `
const addon = { exports: {} };
process.dlopen(addon, process.argv[1], require("os").constants.dlopen.RTLD_NOW);
console.log(addon.exports.TF_Version);`;

/**
 * tfjs-node-gpu's binding, compiled against the libraries that `bringTensorFlow` unpacked.
 *
 * The compiler is looked for first, so that its absence is known before anything is downloaded;
 * `context.after` then waits for the libraries and for `node_modules`, where sources and Node's
 * headers are.
 */
export async function bringAddon(context) {
  const { root, checkout, gpu, env, signal, task, after } = context;
  const compiler = await findCompiler(env);
  task?.note("waiting for node modules and TensorFlow");
  await after();
  const id = PIECES.addon(gpu, root, checkout);
  await buildPiece(root, id, async (draft) => {
    task?.note(`compiling with ${compiler.version}`);
    const tensorflow = join(findPiece(root, PIECES.tensorflow(gpu)), "tensorflow");
    const sources = join(checkout, "node_modules/@tensorflow/tfjs-node-gpu/binding");
    const target = join(draft, "tfjs_binding.node");
    const temporary = join(draft, "tmp");
    mkdirSync(temporary);
    // prettier-ignore
    const args = [
      ...compiler.args, ...ADDON_FLAGS,
      "-I", join(checkout, "node_modules/node-api-headers/include"), "-I", join(tensorflow, "include"),
      join(sources, "tfjs_backend.cc"), join(sources, "tfjs_binding.cc"), "-o", target,
      "-L", tensorflow, "-l:libtensorflow_cc.so.2", "-l:libtensorflow_framework.so.2",
      `-Wl,-rpath,${tensorflow}`,
    ];
    await runCommand(compiler.command, args, { env: { ...env, TMPDIR: temporary }, signal }).catch(
      (error) => {
        throw explainCompile(error, compiler.command);
      },
    );
    rmSync(temporary, { recursive: true, force: true });
    await requireVersion(target, env, signal);
  });
  return `tfjs-node-gpu on TensorFlow ${VERSIONS.tensorflow}${gpu ? " (CUDA)" : ""}`;
}

/** The version of TensorFlow that an addon reports, found by loading it in a process of its own. */
export async function addonVersion(addon, env = process.env, signal = undefined) {
  const { stdout } = await runCommand(process.execPath, ["-e", LOAD, addon], {
    env: { ...env, TF_CPP_MIN_LOG_LEVEL: "3", NODE_OPTIONS: "" },
    signal,
  });
  return stdout.trim();
}

async function requireVersion(addon, env, signal) {
  let version;
  try {
    version = await addonVersion(addon, env, signal);
  } catch (error) {
    if (!(error instanceof CommandFailed)) throw error;
    const reason =
      error.output.find((line) => /^Error:/.test(line)) ?? error.output.at(-1) ?? error.message;
    throw new SetupFailure(`The TensorFlow addon was compiled but does not load: ${reason}`);
  }
  if (version !== VERSIONS.tensorflow) {
    throw new SetupFailure(
      `The TensorFlow addon reports version ${version}, expected ${VERSIONS.tensorflow}`,
    );
  }
}

function explainCompile(error, command) {
  if (!(error instanceof CommandFailed)) return error;
  const output = error.output.join("\n");
  if (/No space left on device/i.test(output)) return new Error("No space left on device");
  if (error.status === "SIGKILL" || /Killed signal/.test(output)) {
    return new SetupFailure(
      `${command} was killed, most likely for lack of memory: free 1 GB and run again`,
    );
  }
  const reason =
    error.output.find((line) => /\berror:/i.test(line)) ??
    error.output.find((line) => /undefined reference|cannot find/.test(line)) ??
    error.output.at(-1) ??
    error.message;
  return new SetupFailure(`${command} could not compile the TensorFlow addon: ${reason}`);
}
