import { keys } from "../schemas/names.ts";
import type { BatchStatus } from "../schemas/result.ts";
import { toBatchDocument } from "./batch-document.ts";
import { renderBoard } from "./board.ts";
import { describeChanges } from "./changes.ts";
import type { Session } from "./connect.ts";
import { CommandEnd, EXIT, type ExitCode } from "./exit.ts";
import type { Output } from "./output.ts";
import { createScreen } from "./screen.ts";
import { finalLines } from "./summary.ts";
import { watchBatch } from "./watch.ts";

/**
 * Show a batch until it has settled, then its summary (or its document), and say how it ended.
 *
 * Ctrl-C stops the watching and never the batch: the command ends with exit code 130 and says how
 * to come back.
 */
export async function waitForBatch(
  session: Session,
  batch: string,
  output: Output,
  { verbose = false }: { readonly verbose?: boolean } = {},
): Promise<ExitCode> {
  const abort = new AbortController();
  const interrupt = () => {
    const back = `\`microtome status ${batch} --watch\``;
    abort.abort(
      new CommandEnd(EXIT.interrupted, `Stopped watching; the batch goes on. Come back: ${back}`),
    );
  };
  process.once("SIGINT", interrupt);
  try {
    const status = await show(session, batch, output, abort.signal);
    output.document(toBatchDocument(status, { url: (key) => session.store.url(key), verbose }));
    for (const line of finalLines(status, session.store.url(keys.report(batch)))) output.say(line);
    return exitOfBatch(status);
  } finally {
    process.off("SIGINT", interrupt);
  }
}

/** 0 when every scan was cropped or kept whole, 1 when one failed or was cancelled. */
export function exitOfBatch({ outcome }: BatchStatus): ExitCode {
  return outcome === "completed" ? EXIT.done : EXIT.failed;
}

async function show(
  session: Session,
  batch: string,
  output: Output,
  signal: AbortSignal,
): Promise<BatchStatus> {
  const screen = output.live ? createScreen(process.stdout) : undefined;
  let before: BatchStatus | undefined;
  let troubled: string | undefined;
  for await (const { status, live, open, trouble } of watchBatch(session, batch, signal)) {
    if (screen === undefined) {
      for (const line of describeChanges(before, status)) output.note(line);
      if (trouble !== undefined && trouble !== troubled) output.note(trouble);
    } else {
      const lines = renderBoard(status, live, output, output.color);
      screen.draw(trouble === undefined ? lines : [...lines, output.color.yellow(`  ${trouble}`)]);
    }
    before = status;
    troubled = trouble;
    if (!open) return status;
  }
  throw new CommandEnd(EXIT.failed, `The batch ${batch} could not be followed to its end`);
}
