import { resolve } from "node:path";
import type { Command } from "commander";
import { EXIT, type ExitCode } from "../exit.ts";
import { createOutput } from "../output.ts";
import type { Run } from "../run-command.ts";

interface StackOptions {
  readonly dir: string;
  readonly json?: boolean;
}

export function addStack(program: Command, run: Run): void {
  program
    .command("up")
    .summary("start local Temporal, MinIO and workers")
    .description(
      "Start local Temporal, MinIO and workers, all on 127.0.0.1; what runs already is kept.\nTheir state is in DIR/.microtome/; commands below DIR find it there.",
    )
    .option("--dir <folder>", "where the state goes", ".")
    .option("--json", "print addresses, bucket and where the credentials are as JSON")
    .action(run(up));
  program
    .command("down")
    .summary("stop what `up` started")
    .description("Stop the workers and servers that `up` started; their data stays.")
    .option("--dir <folder>", "the folder that `up` was given", ".")
    .option("--json", "print one JSON document")
    .action(run(down));
}

async function up(options: StackOptions): Promise<ExitCode> {
  const output = createOutput(options);
  const stack = await import("../../infra/servers/stack.ts");
  const { state } = await stack.up({
    dir: resolve(options.dir),
    onProgress: (line) => output.note(line),
  });
  const { temporal, store, workers } = state;
  output.document({
    temporal: { address: temporal.address, namespace: temporal.namespace, ui: temporal.uiUrl },
    store: {
      endpoint: store.endpoint,
      bucket: store.bucket,
      credentials: store.credentialsFile,
    },
    workers: workers.map(({ role, pid, log }) => ({ role, pid, log })),
  });
  if (!output.json) {
    output.say(`Temporal  ${temporal.address} (${temporal.uiUrl})`);
    output.say(
      `Store     ${store.endpoint}, bucket ${store.bucket}, keys in ${store.credentialsFile}`,
    );
    output.say(`Workers   ${workers.map(({ role }) => role).join(", ")}`);
  }
  return EXIT.done;
}

async function down(options: StackOptions): Promise<ExitCode> {
  const output = createOutput(options);
  const stack = await import("../../infra/servers/stack.ts");
  await stack.down({ dir: resolve(options.dir), onProgress: (line) => output.note(line) });
  output.document({ down: true });
  return EXIT.done;
}
