import { SetupFailure } from "./failure.mjs";
import { runCommand } from "./run-command.mjs";
import { OLDEST_PYTHON } from "./versions.mjs";

const CANDIDATES = [
  "python3",
  "python",
  "python3.14",
  "python3.13",
  "python3.12",
  "python3.11",
  "python3.10",
];
const ASK = `
import json, sys
try:
    import pip
    has_pip = True
except ImportError:
    has_pip = False
print(json.dumps({"version": list(sys.version_info[:3]), "pip": has_pip}))`;

const asked = new Map();

/**
 * A Python new enough and with pip: `{ command, version }`. `$PYTHON` if it is set, else the first
 * of the usual names that fits. Throws `SetupFailure` saying what to install.
 */
export function findPython(env) {
  const key = `${env.PYTHON ?? ""}\n${env.PATH ?? ""}`;
  if (!asked.has(key)) asked.set(key, search(env));
  return asked.get(key);
}

async function search(env) {
  const oldest = OLDEST_PYTHON.join(".");
  const names = env.PYTHON ? [env.PYTHON] : CANDIDATES;
  let tooOld;
  let noPip;
  for (const command of names) {
    const answer = await ask(command, env);
    if (answer === undefined) continue;
    const version = answer.version.join(".");
    if (isOlder(answer.version, OLDEST_PYTHON)) tooOld ??= `${command} is ${version}`;
    else if (!answer.pip) noPip ??= `${command} (${version})`;
    else return { command, version };
  }
  if (noPip !== undefined) {
    throw new SetupFailure(
      `${noPip} has no pip: install it (Debian: apt install python3-pip), or set PYTHON to one that has it`,
    );
  }
  if (tooOld !== undefined) {
    throw new SetupFailure(
      `Python >= ${oldest} is needed and ${tooOld}: install a newer one, or set PYTHON to it`,
    );
  }
  throw new SetupFailure(
    `No Python >= ${oldest} found (tried ${names.join(", ")}): install it (Debian: apt install python3 python3-pip), or set PYTHON to it`,
  );
}

async function ask(command, env) {
  try {
    return JSON.parse((await runCommand(command, ["-c", ASK], { env })).stdout);
  } catch {
    return undefined;
  }
}

function isOlder([major, minor], [oldestMajor, oldestMinor]) {
  return major < oldestMajor || (major === oldestMajor && minor < oldestMinor);
}
