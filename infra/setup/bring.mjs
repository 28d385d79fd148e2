import { existsSync, statSync } from "node:fs";
import { requireSpace } from "./disk.mjs";
import { Interrupted, SetupFailure, toLine } from "./failure.mjs";
import { TABLE } from "./pieces.mjs";

/**
 * Bring the pieces of `wanted` that are not there, all at once; one that fails does not stop the
 * others. Returns the failures as `{ piece, message }`.
 */
export async function bringAll(wanted, context, progress) {
  const missing = wanted.filter((piece) => !isThere(piece, context));
  if (missing.length === 0) return [];
  const space = missing.reduce((sum, piece) => sum + piece.megabytes(context), 0);
  const onOneDisk = statSync(context.root).dev === statSync(context.checkout).dev;
  requireSpace(context.root, space + (onOneDisk && missing.some(isNodeModules) ? 800 : 0));

  const running = new Map();
  const failures = [];
  for (const piece of missing) {
    const task = progress.task(piece.name);
    const after = async () => {
      const states = await Promise.all((piece.after ?? []).map((key) => running.get(key)));
      const failed = states.find((state) => state?.failed);
      if (failed)
        throw new SetupFailure(`waits for the ${failed.name}, which could not be brought`);
    };
    const work = async () => {
      try {
        requireOwn(piece, context.env);
        task.done(await piece.bring({ ...context, task, after }));
        return { failed: false };
      } catch (error) {
        const stopped = error instanceof Interrupted || context.signal.aborted;
        const message = stopped ? "interrupted" : toLine(error, context.root);
        task.fail(message);
        if (!stopped) failures.push({ piece: piece.key, message });
        return { failed: true, name: piece.name };
      }
    };
    running.set(piece.key, work());
  }
  await Promise.all(running.values());
  return failures;
}

/** The pieces that `--only` and `--with` name, or the usual ones. */
export function select({ only, extra = [] }) {
  const known = new Set(TABLE.map(({ key }) => key));
  for (const key of [...(only ?? []), ...extra]) {
    if (!known.has(key)) {
      throw new SetupFailure(`There is no piece "${key}"; there are: ${[...known].join(", ")}`);
    }
  }
  if (only === undefined) return TABLE.filter((piece) => !piece.extra || extra.includes(piece.key));
  const needed = new Set([...only, ...extra]);
  for (const { key, after = [] } of TABLE) if (needed.has(key)) after.forEach((k) => needed.add(k));
  return TABLE.filter(({ key }) => needed.has(key));
}

/** Whether a piece needs no work: it is in the cache, or the environment names another one. */
export function isThere(piece, context) {
  const own = piece.variable === undefined ? undefined : context.env[piece.variable];
  return own ? existsSync(own) : piece.isPresent(context);
}

function requireOwn({ variable }, env) {
  if (variable !== undefined && env[variable]) {
    throw new SetupFailure(
      `${variable} is ${env[variable]}, which does not exist: correct it, or unset it`,
    );
  }
}

function isNodeModules({ key }) {
  return key === "node-modules";
}
