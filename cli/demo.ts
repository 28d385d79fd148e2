import { mkdir } from "node:fs/promises";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { Command } from "commander";
import colors from "picocolors";
import { down, up } from "../infra/servers/stack.ts";
import { piecePaths } from "../infra/setup/paths.mjs";
import type { BatchStatus } from "../schemas/result.ts";
import type { CampaignProgress } from "../schemas/campaign.ts";
import {
  DAMAGED,
  damage,
  makePhantomBatch,
  makeRealBatch,
  PHANTOMS,
  repair,
  writeJson,
} from "./demo/make-scans.ts";
import { runCli } from "./demo/run-cli.ts";

/** A short run: enough to see the loss fall and to initialise a segmentation. */
const SORTING = {
  ...{ steps: 250, width: 16, imageSize: 64 },
  // Phantom fish are mounted head up or head down.
  flipInvariant: true,
} as const;
const SEGMENTATION = { steps: 400, rate: 0.003, imageSize: 96, batchSize: 8 } as const;

const program = new Command("npm run demo --")
  .description("Run the whole pipeline on phantoms and on real scans, on local servers.")
  .option("--dir <folder>", "where everything goes", "demo-output")
  .option("--stop", "stop the servers at the end, too");
const options = program.parse().opts<{ dir: string; stop?: boolean }>();

const dir = resolve(options.dir);
const interrupt = new AbortController();
for (const signal of ["SIGINT", "SIGTERM"] as const) {
  process.on(signal, () => interrupt.abort(new Error(`interrupted by ${signal}`)));
}
const began = Date.now();
try {
  await demo(interrupt.signal);
  if (options.stop === true) await down({ dir, onProgress: note });
} catch (error) {
  if (!interrupt.signal.aborted) {
    console.error(colors.red(`\nThe demo failed: ${(error as Error).message}`));
    console.error(`Logs: ${join(dir, ".microtome", "logs")}. Running it again resumes.`);
    process.exitCode = 1;
  } else {
    console.error("\nStopping; `npm run demo` goes on from here.");
    process.exitCode = 130;
  }
  await down({ dir, onProgress: note });
}

async function demo(signal: AbortSignal): Promise<void> {
  await mkdir(dir, { recursive: true });
  const { fly, shell } = realScans();

  title("Servers and workers");
  const { state } = await up({ dir, onProgress: note });
  signal.throwIfAborted();

  title(`${PHANTOMS.count} phantom scans with known truth (preset ${PHANTOMS.preset})`);
  const before = await statusOf("phantoms", signal);
  const phantoms = await makePhantomBatch(dir, signal, lines());
  if (before === undefined) await damage(dir);
  else await repair(dir);

  title(`A batch of eight; slice ${DAMAGED.slice} of ${DAMAGED.scan} was cut short`);
  if (before === undefined) await microtome(["submit", phantoms, "--wait"], signal, [0, 1]);
  else note("Submitted by an earlier run of this demo");

  title("A batch of two real micro-CT scans: too few to pretrain on");
  await microtome(["submit", await makeRealBatch(dir, { fly, shell }), "--wait"], signal, [0]);

  title(`The slice is repaired; only ${DAMAGED.scan} runs again`);
  await repair(dir);
  const failed = (await statusOf("phantoms", signal))?.scans.some(
    ({ outcome }) => outcome === "failed" || outcome === "cancelled",
  );
  if (failed === true) await microtome(["retry", "phantoms", "--wait"], signal, [0]);
  else note("Nothing to retry: an earlier run of this demo did it");

  title(`A short sorting campaign (ResNet-18, width ${SORTING.width}, ${SORTING.steps} steps)`);
  await sortingCampaign(signal);

  title("A segmentation fine-tuned from it on the phantoms' organ labels, and applied");
  const segment = join(dir, "organs.json");
  await writeJson(segment, {
    model: "organs",
    batch: "phantoms",
    encoder: "latest:demo-sorting",
    ...SEGMENTATION,
  });
  await microtome(["segment", "train", segment, "--wait"], signal, [0]);
  await microtome(["segment", "apply", "organs", "phantoms", "--wait"], signal, [0]);

  title("Reports");
  const reports = ["phantoms", "real"].map((batch) => join(dir, `${batch}.html`));
  await microtome(["report", "phantoms", "--to", reports[0]!], signal, [0]);
  await microtome(["report", "real", "--to", reports[1]!], signal, [0]);

  await check(signal);
  title("Done");
  note(`${((Date.now() - began) / 60_000).toFixed(1)} minutes, set-up not counted`);
  note(`Reports        ${reports.join("\n               ")}`);
  note(`Temporal UI    ${state.temporal.uiUrl}`);
  note(`Artifacts      bucket ${state.store.bucket} at ${state.store.endpoint}`);
  note(`               (credentials in ${state.store.credentialsFile})`);
  note(`Look around    cd ${options.dir} && npx microtome status phantoms`);
  if (options.stop !== true) note(`Stop it        cd ${options.dir} && npx microtome down`);
}

/** Pretrain the paper's way, on whole slices, over the prepared phantoms. */
async function sortingCampaign(signal: AbortSignal): Promise<void> {
  const campaign = "demo-sorting";
  const file = join(dir, "sorting.json");
  await writeJson(file, {
    campaign,
    collection: campaign,
    batches: ["phantoms"],
    pretrain: { view: "slices", pretext: "sorting", encoder: "resnet18", ...SORTING },
  });
  await microtome(["campaign", "start", file], signal, [0]);
  let shown = "";
  for (;;) {
    const { code, stdout } = await runCli(["campaign", "status", campaign, "--json"], {
      cwd: dir,
      signal,
      capture: true,
    });
    if (code !== 0) throw new Error(`campaign status ended with exit code ${code}`);
    const progress = JSON.parse(stdout) as CampaignProgress & {
      readonly round?: { readonly note?: string };
    };
    const line = progress.round?.note ?? `step ${progress.step} of ${progress.steps}`;
    if (line !== shown) note(line);
    shown = line;
    if (progress.state !== "running" && progress.state !== "paused") {
      note(
        `Campaign ${progress.state}: loss ${progress.loss?.toFixed(4)} at step ${progress.step}`,
      );
      return;
    }
    await sleep(2000, undefined, { signal });
  }
}

/** The demo promises something; it says so itself when that did not come true. */
async function check(signal: AbortSignal): Promise<void> {
  const phantoms = await statusOf("phantoms", signal);
  const cropped = phantoms?.scans.filter(({ outcome }) => outcome === "cropped").length ?? 0;
  if (cropped !== PHANTOMS.count) {
    throw new Error(`${cropped} of ${PHANTOMS.count} phantoms were cropped; see the report`);
  }
}

async function microtome(
  args: readonly string[],
  signal: AbortSignal,
  expected: readonly number[],
): Promise<void> {
  const shown = args.map((arg) => (arg.startsWith(dir) ? arg.slice(dir.length + 1) : arg));
  console.log(colors.cyan(`$ microtome ${shown.join(" ")}`));
  const { code } = await runCli(args, { cwd: dir, signal });
  if (!expected.includes(code))
    throw new Error(`microtome ${args[0]} ended with exit code ${code}`);
}

/** How a batch stands; undefined when there is none yet. */
async function statusOf(batch: string, signal: AbortSignal): Promise<BatchStatus | undefined> {
  const { code, stdout } = await runCli(["status", batch, "--json"], {
    cwd: dir,
    signal,
    capture: true,
  });
  return code === 0 || code === 1 ? (JSON.parse(stdout) as BatchStatus) : undefined;
}

function realScans(): { readonly fly: string; readonly shell: string } {
  const { flyTif, shellTif } = piecePaths();
  if (flyTif === undefined || shellTif === undefined) {
    throw new Error("The real scans are not there: run `npm run demo`, which brings them");
  }
  return { fly: flyTif, shell: shellTif };
}

function title(text: string): void {
  console.log(`\n${colors.bold(text)}`);
}

function note(text: string): void {
  console.log(`  ${text}`);
}

/** Progress as a line now and then: whole per cents, on a terminal in place. */
function lines(): (progress: { fraction: number; note?: string }) => void {
  let last = -1;
  return ({ fraction }) => {
    const percent = Math.floor(fraction * 100);
    if (percent === last || (!process.stdout.isTTY && percent % 25 !== 0)) return;
    last = percent;
    const text = `  making phantoms: ${percent} %`;
    if (process.stdout.isTTY) process.stdout.write(`\r${text}${percent === 100 ? "\n" : ""}`);
    else console.log(text);
  };
}
