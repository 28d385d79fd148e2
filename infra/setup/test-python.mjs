import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildPiece } from "./cache.mjs";
import { SetupFailure, saysUnreachable } from "./failure.mjs";
import { PIECES } from "./piece-names.mjs";
import { findPython } from "./python.mjs";
import { CommandFailed, runCommand } from "./run-command.mjs";
import { TEST_PACKAGES } from "./versions.mjs";

const IMPORT = `import sys, numpy, scipy, skimage, tifffile, nibabel, nrrd, h5py, zarr, tensorstore
import onnx, onnxruntime, tensorboard
if sys.version_info >= (3, 11): import ome_zarr.reader, ngff_zarr, jsonschema`;

/**
 * A Python with numpy, scipy, scikit-image and the readers of our formats (zarr, tensorstore,
 * ome-zarr, ngff-zarr, tifffile, nibabel, pynrrd, onnx, tensorboard), that tests read our files back
 * with, and onnxruntime to run our encoders. Its environment is filled from outside, so that it needs
 * no ensurepip (which Debian ships apart).
 */
export async function bringTestPython(context) {
  const { root, env, signal, task } = context;
  const python = await findPython(env);
  await buildPiece(root, PIECES.testPython, async (draft) => {
    const temporary = join(draft, "tmp");
    const [major, minor] = python.version.split(".");
    const site = join(draft, "lib", `python${major}.${minor}`, "site-packages");
    const run = (command, args) =>
      runCommand(command, args, {
        env: { ...env, TMPDIR: temporary, PYTHONUNBUFFERED: "1" },
        signal,
        onLine: (line) => {
          const match = /^\s*(?:Collecting|Downloading|Using cached) (\S+)/.exec(line);
          if (match !== null) task?.note(`pip: ${match[1]}`);
          if (line.startsWith("Installing")) task?.note("pip: unpacking");
        },
      });
    await run(python.command, ["-m", "venv", "--without-pip", draft]).catch(rethrow);
    mkdirSync(temporary);
    // prettier-ignore
    await run(python.command, ["-m", "pip", "install", "--target", site, "--only-binary=:all:",
      "--no-input", "--no-compile", "--disable-pip-version-check", "--progress-bar", "off",
      "--no-warn-script-location", "--upgrade", ...TEST_PACKAGES]).catch(rethrow);
    rmSync(temporary, { recursive: true, force: true });
    await runCommand(join(draft, "bin", "python"), ["-c", IMPORT], { env, signal }).catch(rethrow);
  });
  return `Python ${python.version} with numpy, scipy, scikit-image, zarr, tensorstore, and more readers`;
}

function rethrow(error) {
  if (!(error instanceof CommandFailed)) throw error;
  const output = error.output.join("\n");
  if (/No space left on device/.test(output)) throw new Error("No space left on device");
  const reason =
    error.output.findLast((line) => /^ERROR:|Error\b/.test(line)) ?? error.output.at(-1);
  throw new SetupFailure(
    saysUnreachable(output)
      ? `pip could not reach the package index for the tests' packages (${reason}): check the network and pip's settings, and run again`
      : `The tests' Python packages could not be installed: ${reason ?? error.message}`,
  );
}
