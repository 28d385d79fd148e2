import { explainExit, EXIT, type ExitCode } from "./exit.ts";
import { type Assignment, parseAssignment } from "./set-path.ts";

/** A command's work: its arguments and options in the order commander hands them over. */
type Work<A extends unknown[]> = (...args: A) => Promise<ExitCode>;

/** Makes a commander action of a command's work: its exit code becomes the process's. */
export type Run = <A extends unknown[]>(work: Work<A>) => (...args: A) => Promise<void>;

export const run: Run =
  (work) =>
  async (...args) => {
    try {
      process.exitCode = await work(...args);
    } catch (error) {
      const { code, message } = explainExit(error);
      process.exitCode = code;
      process.stderr.write(`${code === EXIT.interrupted ? "" : "microtome: "}${message}\n`);
    }
  };

/** Commander's way of gathering a repeatable `--set`. */
export function collectAssignments(
  text: string,
  earlier: readonly Assignment[] = [],
): Assignment[] {
  return [...earlier, parseAssignment(text)];
}
