import { execFile } from "node:child_process";
import { join } from "node:path";
import { promisify } from "node:util";
import { buildPiece, cacheRoot } from "../../infra/setup/cache.mjs";
import { findPython } from "../../infra/setup/python.mjs";
import { VERSIONS } from "../../infra/setup/versions.mjs";

const run = promisify(execFile);

/**
 * A Python that has TensorFlow (and Keras) of the version that we compute with: brought from PyPI
 * the first time, into the set-up's cache. For what takes long anyway: it is 250 MB.
 */
export async function tensorFlowPython(): Promise<string> {
  const { command, version } = await findPython(process.env);
  const [major, minor] = version.split(".");
  const id = `python-tensorflow-${VERSIONS.tensorflow}-py${major}.${minor}`;
  const folder = await buildPiece(cacheRoot(process.env), id, async (draft) => {
    const site = join(draft, "lib", `python${major}.${minor}`, "site-packages");
    await run(command, ["-m", "venv", "--without-pip", draft]);
    // prettier-ignore
    await run(command, ["-m", "pip", "install", "--target", site, "--only-binary=:all:", "--no-input",
      "--no-compile", "--disable-pip-version-check", "--quiet", `tensorflow-cpu==${VERSIONS.tensorflow}`]);
  });
  return join(folder, "bin", "python");
}
