import { readFileSync } from "node:fs";
import { Command } from "commander";
import { addCalibrate } from "./commands/calibrate.ts";
import { addCampaign } from "./commands/campaign.ts";
import { addCancel } from "./commands/cancel.ts";
import { addConvert } from "./commands/convert.ts";
import { addDoctor } from "./commands/doctor.ts";
import { addEncoder } from "./commands/encoder.ts";
import { addEvaluate } from "./commands/evaluate.ts";
import { addExplain } from "./commands/explain.ts";
import { addExport } from "./commands/export.ts";
import { addPause } from "./commands/pause.ts";
import { addPlan } from "./commands/plan.ts";
import { addPhantom } from "./commands/phantom.ts";
import { addReport } from "./commands/report.ts";
import { addRetention } from "./commands/retention.ts";
import { addRetry } from "./commands/retry.ts";
import { addSegment } from "./commands/segment.ts";
import { addStack } from "./commands/stack.ts";
import { addStatus } from "./commands/status.ts";
import { addSubmit } from "./commands/submit.ts";
import { addUncrop } from "./commands/uncrop.ts";
import { addVerify } from "./commands/verify.ts";
import { run } from "./run-command.ts";

const EXIT_CODES = `
Exit codes: 0 done · 1 something failed (a scan, a check) · 2 usage or invalid input ·
3 a server cannot be reached or refuses the credentials · 130 interrupted.
Servers: temporal.toml or TEMPORAL_*; AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY,
MICROTOME_BUCKET; without any, the local ones that \`microtome up\` started.`;

/** The whole command line. Usage errors are thrown, so that they exit with 2. */
export function createProgram(): Command {
  const program = new Command("microtome")
    .description(
      "Finds the specimen in micro-CT scans without labels, crops the scans to it, and trains segmentation on what is left.",
    )
    .version(version(), "--version", "print the version")
    .addHelpText("after", EXIT_CODES)
    .showHelpAfterError("(--help says more)")
    .exitOverride();
  const adders = [
    addStack,
    addDoctor,
    addPlan,
    addSubmit,
    addStatus,
    addExplain,
    addRetry,
    addCancel,
    addPause,
    addConvert,
    addExport,
    addUncrop,
    addReport,
    addVerify,
    addRetention,
    addCalibrate,
    addCampaign,
    addEncoder,
    addSegment,
    addPhantom,
    addEvaluate,
  ];
  for (const add of adders) add(program, run);
  return program;
}

function version(): string {
  const file = new URL("../package.json", import.meta.url);
  return (JSON.parse(readFileSync(file, "utf8")) as { version: string }).version;
}
