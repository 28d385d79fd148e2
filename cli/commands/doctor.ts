import { dirname } from "node:path";
import type { Command } from "commander";
import type { Check } from "../../infra/servers/doctor.ts";
import { EXIT, type ExitCode } from "../exit.ts";
import { findServers } from "../find-servers.ts";
import { createOutput, type Colors } from "../output.ts";
import type { Run } from "../run-command.ts";

export function addDoctor(program: Command, run: Run): void {
  program
    .command("doctor")
    .summary("check every dependency and say what to do")
    .description(
      "Check servers, versions, engine, GPU, conditional writes, clock and disk, and say what to do.\nExit 3 where a server cannot be reached, 1 where something else is wrong.",
    )
    .option("--json", "print one JSON document")
    .action(run(doctor));
}

async function doctor(options: { readonly json?: boolean }): Promise<ExitCode> {
  const output = createOutput(options);
  const { runChecks } = await import("../../infra/servers/doctor.ts");
  const { pieceEnvironment } = await import("../../infra/setup/paths.mjs");
  const servers = await findServers();
  const stack = servers?.settings.stack;
  const checks = await runChecks({
    env: { ...pieceEnvironment(), ...process.env },
    dir: stack === undefined ? process.cwd() : dirname(stack),
    temporal: servers && { ...servers.settings.temporal, options: servers.profile },
    store: servers?.settings.store,
    onCheck: (check) => {
      if (!output.json) for (const line of checkLines(check, output.color)) output.say(line);
    },
  });
  output.document({ checks });
  return exitOfChecks(checks);
}

/** 3 where a server is away or refuses us, 1 where another check failed, else 0. */
export function exitOfChecks(checks: readonly Check[]): ExitCode {
  const failed = checks.filter(({ ok }) => ok === false);
  if (failed.some(({ unreachable }) => unreachable === true)) return EXIT.unreachable;
  return failed.length > 0 ? EXIT.failed : EXIT.done;
}

/** A check as lines: what was found, and what to do where that is not well. */
export function checkLines({ name, ok, detail, fix }: Check, color: Colors): string[] {
  const sign = ok === true ? color.green("✓") : ok === "warn" ? color.yellow("!") : color.red("✗");
  return [
    `${sign} ${name}: ${detail}`,
    ...(ok === true || fix === undefined ? [] : [`  → ${fix}`]),
  ];
}
