import { SetupFailure } from "./failure.mjs";
import { runCommand } from "./run-command.mjs";

/**
 * A C++ compiler that runs: `{ command, args, version }`, from `$CXX` (which may carry arguments:
 * "ccache g++"), else g++, clang++ or c++. Throws `SetupFailure` saying what to install.
 */
export async function findCompiler(env) {
  const chosen = env.CXX?.trim();
  const candidates = chosen ? [chosen.split(/\s+/)] : [["g++"], ["clang++"], ["c++"]];
  for (const [command, ...args] of candidates) {
    try {
      const { stdout } = await runCommand(command, [...args, "--version"], { env });
      return { command, args, version: stdout.split("\n")[0].trim() };
    } catch {
      // try the next
    }
  }
  throw new SetupFailure(
    chosen
      ? `CXX is "${chosen}", which does not run: set it to a C++ compiler, or unset it and install g++ or clang`
      : "No C++ compiler found: install g++ (Debian: apt install g++) or clang, or set CXX",
  );
}
