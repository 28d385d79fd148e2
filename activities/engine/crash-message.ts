import type { Progress } from "../deps.ts";
import type { Memory } from "./memory.ts";

/** What is known of an engine process that went away. */
export interface Crash {
  readonly pid: number | undefined;
  /** How it ended: the exit code, or the signal, or why it could not even start. */
  readonly end: { readonly code: number | null; readonly signal: string | null } | Error;
  /** The job it worked on; none while it started. */
  readonly job?: { readonly name: string; readonly seconds: number; readonly progress?: Progress };
  readonly output: readonly string[];
  readonly memory?: MemoryWitness;
}

/** What was seen of the memory while the job ran. */
export interface MemoryWitness {
  readonly peakResidentBytes: number;
  /** The moment when the least was available. */
  readonly tightest: Memory;
  /** Processes that the kernel killed for lack of memory since the job began. */
  readonly oomKills: number;
}

/** Tell a person what happened to an engine process, how far it was, and what it said last. */
export function crashMessage(crash: Crash): string {
  return [what(crash), memoryHint(crash), lastWords(crash.output)].filter(Boolean).join(" ");
}

function what({ pid, end, job }: Crash): string {
  if (end instanceof Error) return `The engine process could not be started: ${end.message}.`;
  const how =
    end.signal === null ? `ended with exit code ${end.code}` : `was killed by ${end.signal}`;
  const during = job ? `during job "${job.name}"` : "while it started";
  return `The engine process (pid ${pid}) ${how} ${during}${job ? howFar(job) : ""}.`;
}

function howFar({ seconds, progress }: NonNullable<Crash["job"]>): string {
  const after = ` after ${seconds.toFixed(seconds < 10 ? 1 : 0)} s`;
  if (progress === undefined) return `${after}, before its first progress`;
  const note = progress.note === undefined ? "" : ` (${progress.note})`;
  return `${after}, at ${Math.round(progress.fraction * 100)} %${note}`;
}

function memoryHint({ end, memory, output }: Crash): string {
  if (end instanceof Error) return "";
  if (output.some((line) => /bad_alloc|heap out of memory|Array buffer allocation/.test(line))) {
    return "It ran out of memory.";
  }
  if (memory === undefined || end.signal !== "SIGKILL") return "";
  const { peakResidentBytes, tightest, oomKills } = memory;
  const held = `it held ${gib(peakResidentBytes)}`;
  const free = `${gib(tightest.availableBytes)} of ${gib(tightest.totalBytes)} were left`;
  if (oomKills > 0) return `Out of memory: the kernel killed it to free some; ${held}.`;
  if (tightest.availableBytes < 0.1 * tightest.totalBytes) {
    return `Probably out of memory: ${held} and only ${free}.`;
  }
  return `Memory was not short: ${held} and ${free}; someone or something killed it.`;
}

function lastWords(output: readonly string[]): string {
  return output.length === 0 ? "" : `Its last words:\n${output.join("\n")}`;
}

function gib(bytes: number): string {
  return `${(bytes / 2 ** 30).toFixed(1)} GiB`;
}
