import { spawn } from "node:child_process";
import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";

const MARKER = ".complete";
const DRAFT = /^\.draft-/;

/** Where everything the set-up brings lives, for this user: `${XDG_CACHE_HOME:-~/.cache}/microtome`. */
export function cacheRoot(env) {
  const base = env.XDG_CACHE_HOME;
  return join(base === undefined || base === "" ? join(homedir(), ".cache") : base, "microtome");
}

/** The folder of one piece, or undefined while it is not wholly there. */
export function findPiece(root, id) {
  const folder = join(root, id);
  return existsSync(join(folder, MARKER)) ? folder : undefined;
}

/**
 * Bring one piece into the cache: `build(draft)` fills a folder beside it, which then takes the
 * piece's name in one rename. Whenever this is interrupted, the piece is either whole or not there.
 */
export async function buildPiece(root, id, build) {
  const present = findPiece(root, id);
  if (present !== undefined) return present;
  mkdirSync(root, { recursive: true });
  const draft = mkdtempSync(join(root, `.draft-${id}-`));
  try {
    await build(draft);
    writeFileSync(join(draft, MARKER), `${new Date().toISOString()}\n`);
    const folder = join(root, id);
    rmSync(folder, { recursive: true, force: true });
    renameSync(draft, folder);
    return folder;
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

/**
 * Remove a folder of many small files without waiting: that can take a minute. Should the remover
 * be killed, the next set-up sweeps up what is left.
 */
export function discard(root, folder) {
  const aside = mkdtempSync(join(root, ".draft-discarded-"));
  renameSync(folder, join(aside, "folder"));
  spawn("rm", ["-rf", aside], { detached: true, stdio: "ignore" })
    .on("error", () => {})
    .unref();
}

/** Remove what a killed set-up left half done. Only for whoever holds the set-up's lock. */
export function sweepDrafts(root) {
  if (!existsSync(root)) return;
  for (const name of readdirSync(root)) {
    if (!DRAFT.test(name)) continue;
    try {
      rmSync(join(root, name), { recursive: true, force: true });
    } catch {
      // its remover is at work on it
    }
  }
}
