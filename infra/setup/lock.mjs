import { linkSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { isAlive, processIdentity } from "./process-identity.mjs";

const POLL_MS = 200;

/**
 * Hold `file` as a lock while `work` runs. Whoever comes second waits; the lock of a process that
 * died is taken over. `onWait(pid)` is called once if there is someone to wait for.
 */
export async function withLock(file, work, { onWait, signal } = {}) {
  const release = await acquire(file, onWait, signal);
  try {
    return await work();
  } finally {
    release();
  }
}

async function acquire(file, onWait, signal) {
  mkdirSync(dirname(file), { recursive: true });
  const mine = JSON.stringify({ pid: process.pid, identity: processIdentity(process.pid) });
  let told = false;
  for (;;) {
    signal?.throwIfAborted();
    if (tryLink(file, mine)) return () => removeIf(file, mine);
    const holder = read(file);
    if (holder !== undefined && !isHeld(holder)) removeIf(file, holder);
    else {
      if (!told && holder !== undefined) onWait?.(JSON.parse(holder).pid);
      told = true;
      await sleep(POLL_MS);
    }
  }
}

/** A hard link appears with its content or not at all: nobody reads a lock without an owner. */
function tryLink(file, content) {
  const draft = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  writeFileSync(draft, content);
  try {
    linkSync(draft, file);
    return true;
  } catch (error) {
    if (error.code === "EEXIST") return false;
    throw error;
  } finally {
    rmSync(draft, { force: true });
  }
}

function read(file) {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return undefined;
  }
}

function isHeld(holder) {
  try {
    const { pid, identity } = JSON.parse(holder);
    return isAlive(pid, identity);
  } catch {
    return false; // not written by us: nobody holds it
  }
}

/** Take the lock away if it still says `content`; put it back if someone was quicker. */
function removeIf(file, content) {
  const aside = `${file}.${process.pid}.${Math.random().toString(36).slice(2)}`;
  try {
    renameSync(file, aside);
  } catch {
    return;
  }
  if (read(aside) !== content) {
    try {
      linkSync(aside, file);
    } catch {
      // a third one holds it by now
    }
  }
  rmSync(aside, { force: true });
}
