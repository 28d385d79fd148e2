import { CommanderError } from "commander";
import { EXIT, explainExit } from "./exit.ts";
import { createProgram } from "./program.ts";

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
