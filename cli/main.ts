import { CommanderError } from "commander";
import { EXIT, explainExit } from "./exit.ts";
import { createProgram } from "./program.ts";

// Whoever reads has had enough (`microtome … | head`): that is no failure, and no stack trace.
process.stdout.on("error", (error: NodeJS.ErrnoException) => {
  if (error.code !== "EPIPE") throw error;
  process.exit(EXIT.done);
});

try {
  await createProgram().parseAsync();
} catch (error) {
  // Commander has printed its own message already; 0 is `--help` and `--version`.
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? EXIT.done : EXIT.usage;
  } else {
    const { code, message } = explainExit(error);
    process.exitCode = code;
    process.stderr.write(`microtome: ${message}\n`);
  }
}
