import { formatBytes, formatSeconds } from "../activities/report/format.ts";
import type { Decision, PlannedBatch, PlanStep } from "../activities/plan/plan-types.ts";
import { STAGES, type Stage } from "../schemas/names.ts";
import { wrapText } from "./wrap-text.ts";

/** Stages that learn or look with a network: they run where the GPU is, if there is one. */
const COMPUTE: readonly Stage[] = ["pretrain", "localize", "refine", "segment"];

/** What steps of one decision are expected to take. */
export interface PlanTotal {
  readonly steps: number;
  readonly computeSeconds: number;
  readonly otherSeconds: number;
  readonly bytes: number;
  /** Steps that no past run says anything about: the sums are without them. */
  readonly withoutPastRun: number;
}

export function planTotal(plan: PlannedBatch, decision: Decision): PlanTotal {
  const steps = plan.steps.filter((step) => step.decision === decision);
  const seconds = (compute: boolean) =>
    steps
      .filter(({ stage }) => COMPUTE.includes(stage) === compute)
      .reduce((sum, { estimate }) => sum + (estimate?.seconds ?? 0), 0);
  return {
    steps: steps.length,
    ...{ computeSeconds: seconds(true), otherSeconds: seconds(false) },
    bytes: steps.reduce((sum, { estimate }) => sum + (estimate?.bytes ?? 0), 0),
    withoutPastRun: steps.filter(({ estimate }) => estimate === undefined).length,
  };
}

/** A plan for people: equal reasons are one line with a count, or with `scans` a line for every step. */
export function planLines(
  plan: PlannedBatch,
  { scans, columns }: { readonly scans: boolean; readonly columns: number },
): string[] {
  const head = `${plan.batch}: ${count(plan.scans, "scan")}, nothing was done`;
  return [
    head,
    ...plan.notes.flatMap((note) => wrapText(note, columns, "  ")),
    ...(scans ? stepLines(plan, columns) : groupLines(plan, columns)),
    ...totalLines(plan).flatMap((line) => wrapText(line, columns)),
  ];
}

function groupLines({ steps }: PlannedBatch, columns: number): string[] {
  const groups = new Map<string, PlanStep[]>();
  for (const stage of STAGES) {
    for (const step of steps.filter((candidate) => candidate.stage === stage)) {
      const kind = step.part === "labels" || step.part === "network" ? step.part : "";
      const name = JSON.stringify([stage, kind, step.decision, step.summary]);
      const group = groups.get(name);
      if (group === undefined) groups.set(name, [step]);
      else group.push(step);
    }
  }
  return [...groups.values()].flatMap((group) => {
    const [{ stage, part, decision, reason, summary, scan }] = group as [PlanStep];
    const scans = new Set(group.map((step) => step.scan)).size;
    const who = scan === undefined ? "batch" : scans === 1 ? scan : count(scans, "scan");
    const kind = part === "labels" || part === "network" ? ` (${part})` : "";
    const why = scans === 1 ? reason : summary;
    return line(`${stage}${kind}`, decision, `${who}: ${why}${cost(group)}`, columns);
  });
}

function stepLines({ steps }: PlannedBatch, columns: number): string[] {
  const names = [...new Set(steps.map(({ scan }) => scan))];
  return names.flatMap((name) => [
    `  ${name ?? "the batch"}`,
    ...steps
      .filter(({ scan }) => scan === name)
      .flatMap((step) => {
        const part = step.part === undefined ? "" : ` ${step.part}`;
        return line(
          `${step.stage}${part}`,
          step.decision,
          `${step.reason}${cost([step])}`,
          columns,
        );
      }),
  ]);
}

function line(what: string, decision: Decision, text: string, columns: number): string[] {
  const start = `  ${what.padEnd(17)} ${decision.padEnd(7)}  `;
  const [first = "", ...rest] = wrapText(text, Math.max(40, columns) - start.length);
  return [start + first, ...rest.map((more) => " ".repeat(start.length) + more)];
}

function cost(steps: readonly PlanStep[]): string {
  if (steps[0]?.decision === "reuse" || steps[0]?.decision === "fail") return "";
  const known = steps.flatMap(({ estimate }) => estimate ?? []);
  if (known.length === 0) return " [no past run]";
  const seconds = known.reduce((sum, { seconds }) => sum + seconds, 0);
  const bytes = known.reduce((sum, { bytes }) => sum + bytes, 0);
  // A pretraining records what its last round took.
  const about = steps[0]?.stage === "pretrain" ? "at least " : "~";
  return ` [${about}${formatSeconds(seconds)}, ${formatBytes(bytes)}]`;
}

function totalLines(plan: PlannedBatch): string[] {
  const say = (decision: Decision, word: string) => {
    const total = planTotal(plan, decision);
    if (total.steps === 0) return [];
    const without =
      total.withoutPastRun === 0 ? "" : `, without ${total.withoutPastRun} that never ran before`;
    const size = `${formatSeconds(total.computeSeconds)} on the GPU (or what stands for it), ${formatSeconds(total.otherSeconds)} of other work, ${formatBytes(total.bytes)}`;
    return [`${word} ${count(total.steps, "step")}: about ${size}${without}`];
  };
  const number = (decision: Decision) => planTotal(plan, decision).steps;
  return [
    `Reuse: ${count(number("reuse"), "step")}${number("fail") === 0 ? "" : `. Fail: ${count(number("fail"), "step")}`}`,
    ...say("run", "Run:"),
    ...say("unknown", "Not known yet, if all of it runs:"),
  ];
}

function count(number: number, word: string): string {
  return `${number} ${word}${number === 1 ? "" : "s"}`;
}
