import { chmodSync, existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { buildPiece } from "./cache.mjs";
import { SetupFailure, saysUnreachable } from "./failure.mjs";
import { CommandFailed, runCommand } from "./run-command.mjs";
import { dropWheel, downloadWheel, extractWheel } from "./wheel.mjs";

const LIGHTLY = "1.6.0";
const PIECE = `torch-debian-lightly-${LIGHTLY}`;
const PYTHON = "/usr/bin/python3";

/** Debian's Python with what was unpacked beside the script on its paths. */
const script = (libraries) => `#!/bin/sh
here=$(cd "$(dirname "$0")/.." && pwd)
export PYTHONPATH="$here/site:$here/usr/lib/python3/dist-packages"
export LD_LIBRARY_PATH="${libraries.map((path) => `$here/${path}`).join(":")}"
export PYTHONDONTWRITEBYTECODE=1
exec ${PYTHON} "$@"
`;

const IMPORT = "import torch, torchvision; from lightly.loss import NTXentLoss";

/**
 * A Python with torch, torchvision and lightly, that test fixtures are remade with: returns its path.
 *
 * Debian's packages, for the processor alone (PyPI's torch brings gigabytes of CUDA), fetched by apt
 * with lists of its own and unpacked into the cache: nothing is installed, and nobody need be root.
 * Of what torch depends on, only what this machine lacks is fetched (150 MB, unpacked 630 MB).
 */
export async function bringTorch(context) {
  const { root } = context;
  if (!existsSync("/usr/bin/apt-get") || !existsSync(PYTHON)) {
    throw new SetupFailure(
      "Torch comes from Debian's packages, and this machine has no apt-get or no /usr/bin/python3: use Debian 12 or newer",
    );
  }
  const folder = await buildPiece(root, PIECE, async (draft) => {
    await bringPackages(context, draft);
    const wheel = await downloadWheel(context, "lightly", LIGHTLY);
    await extractWheel(context, wheel, join(draft, "site"), (name) => name.startsWith("lightly/"));
    dropWheel(root, "lightly", LIGHTLY);
    const python = join(draft, "bin", "python");
    mkdirSync(join(draft, "bin"));
    writeFileSync(python, script(libraryPaths(draft)));
    chmodSync(python, 0o755);
    await runCommand(python, ["-c", IMPORT], context).catch(rethrow);
  });
  return join(folder, "bin", "python");
}

async function bringPackages(context, draft) {
  const apt = join(draft, "apt");
  for (const folder of ["lists/partial", "archives/partial"]) {
    mkdirSync(join(apt, folder), { recursive: true });
  }
  const get = (...args) =>
    runCommand(
      "apt-get",
      // prettier-ignore
      ["-y", "-q", "-o", `Dir::State::lists=${join(apt, "lists")}`, "-o", `Dir::Cache=${apt}`,
        "-o", `Dir::Cache::archives=${join(apt, "archives")}`, "-o", "Debug::NoLocking=1",
        "-o", "APT::Sandbox::User=", ...args],
      context,
    ).catch(rethrow);
  await get("update");
  // prettier-ignore
  await get("--no-install-recommends", "--download-only", "install", "python3-torch", "python3-torchvision");
  const archives = readdirSync(join(apt, "archives")).filter((name) => name.endsWith(".deb"));
  for (const name of archives) {
    await runCommand("dpkg", ["-x", join(apt, "archives", name), draft], context).catch(rethrow);
  }
  rmSync(apt, { recursive: true, force: true });
}

/** Where Debian puts libraries; its blas and lapack are links that only an installation sets up. */
function libraryPaths(folder) {
  const lib = join(folder, "usr", "lib");
  const names = existsSync(lib) ? readdirSync(lib) : [];
  const architectures = names.filter((name) => name.endsWith("-linux-gnu"));
  return [
    "usr/lib",
    ...architectures.flatMap((name) => [
      `usr/lib/${name}`,
      `usr/lib/${name}/blas`,
      `usr/lib/${name}/lapack`,
      `lib/${name}`,
    ]),
  ];
}

function rethrow(error) {
  if (!(error instanceof CommandFailed)) throw error;
  const output = error.output.join("\n");
  const reason = error.output.findLast((line) => /^E: |Error\b/.test(line)) ?? error.output.at(-1);
  throw new SetupFailure(
    saysUnreachable(output)
      ? `apt could not reach Debian's packages (${reason}): check the network and apt's sources, and run again`
      : `Debian's torch could not be brought: ${reason ?? error.message}`,
  );
}
