import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { buildPiece, discard } from "./cache.mjs";
import { SetupFailure, saysUnreachable } from "./failure.mjs";
import { bringGo } from "./go.mjs";
import { PIECES } from "./piece-names.mjs";
import { CommandFailed, runCommand } from "./run-command.mjs";
import { MINIO_MODULE, VERSIONS } from "./versions.mjs";

/** How many packages `go install -v` names while it builds the pinned MinIO from nothing. */
const PACKAGES = 1299;

/**
 * MinIO, built from its module at the pinned version: its makers no longer publish programs. An
 * interrupted build goes on where Go's own caches left it.
 */
export async function bringMinio(context) {
  const { root, signal, task } = context;
  await buildPiece(root, PIECES.minio, async (draft) => {
    const work = join(root, "minio-build");
    mkdirSync(work, { recursive: true });
    const go = await bringGo(context, work);
    const temporary = join(draft, "tmp");
    mkdirSync(temporary);
    task?.note("go install: fetching modules");
    await runCommand(
      go.command,
      ["install", "-v", "-trimpath", "-ldflags", "-s -w", MINIO_MODULE],
      {
        env: { ...go.env, GOBIN: draft, GOTMPDIR: temporary },
        signal,
        onLine: counter(task),
      },
    ).catch((error) => {
      throw explain(error);
    });
    rmSync(temporary, { recursive: true, force: true });
    await runCommand(join(draft, "minio"), ["--version"], { env: context.env, signal });
    discard(root, work);
  });
  return VERSIONS.minio;
}

function counter(task) {
  let modules = 0;
  let packages = 0;
  return (line) => {
    if (line.startsWith("go: downloading")) task?.note(`go install: ${++modules} modules fetched`);
    else if (/^[\w.-]+(?:\/[\w.-]+)*$/.test(line)) {
      packages++;
      task?.note(
        `go install: ${packages} of about ${Math.max(PACKAGES, packages)} packages compiled`,
      );
    }
  };
}

function explain(error) {
  if (!(error instanceof CommandFailed)) return error;
  const output = error.output.join("\n");
  if (/no space left on device/i.test(output)) return new Error("No space left on device");
  const lines = error.output.filter(
    (line) => !line.startsWith("go: downloading") && line.includes(" "),
  );
  const reason = lines.at(-1) ?? error.message;
  if (error.status === "SIGKILL" || /signal: killed/.test(output)) {
    return new SetupFailure(
      "The Go compiler was killed, most likely for lack of memory: free 2 GB and run again",
    );
  }
  return new SetupFailure(
    saysUnreachable(output)
      ? `go could not reach its module proxy (${reason}): check the network and go's settings, and run again`
      : `go install of MinIO failed: ${reason}`,
  );
}
