import type { BatchStatus, ScanStatus } from "../schemas/result.ts";
import { formatPercent } from "../activities/report/format.ts";
import { describeRetained } from "../activities/report/storage.ts";
import { type LiveProgress, combine } from "./live-progress.ts";
import type { Colors } from "./output.ts";
import { countOutcomes, summarize } from "./summary.ts";

export interface BoardSize {
  readonly columns: number;
  /** Lines to stay within; scans that do not fit are counted instead. */
  readonly rows: number;
}

const BAR = 12;

/** A batch as lines for a terminal: what it does as a whole, then a line per scan, busy ones first. */
export function renderBoard(
  status: BatchStatus,
  live: LiveProgress,
  { columns, rows }: BoardSize,
  color: Colors,
): string[] {
  const head = [
    `${color.bold(status.batch)}  ${summarize(status)}${status.paused === true ? color.yellow(" · paused") : ""}`,
    ...(status.note === undefined ? [] : [`  ${status.note}`]),
    ...campaignLine(status, live, color),
    ...batchLine(live, color),
  ];
  const scans = [...status.scans].sort((a, b) => urgency(a) - urgency(b));
  const room = Math.max(3, rows - head.length - 2);
  const shown = scans.length <= room ? scans : scans.slice(0, room - 1);
  const width = Math.max(4, ...shown.map(({ scan }) => Math.min(scan.length, 24)));
  const lines = shown.map((scan) => scanLine(scan, live, width, color));
  const hidden = scans.slice(shown.length);
  if (hidden.length > 0) lines.push(`  … and ${hidden.length} more: ${countOutcomes(hidden)}`);
  return [...head, ...lines].map((line) => clip(line, columns));
}

/** One line for one scan: sign, name, bar or outcome, and what there is to say. */
function scanLine(scan: ScanStatus, live: LiveProgress, width: number, color: Colors): string {
  const name = scan.scan.length > 24 ? `${scan.scan.slice(0, 23)}…` : scan.scan.padEnd(width);
  switch (scan.outcome) {
    case "cropped":
      return `  ${color.green("✓")} ${name}  ${describeScan(scan)}`;
    case "kept-whole":
      return `  ${color.yellow("○")} ${name}  ${describeScan(scan)}`;
    case "failed":
      return `  ${color.red("✗")} ${name}  ${color.red(describeScan(scan))}`;
    case "cancelled":
      return `  ${color.dim("–")} ${name}  ${describeScan(scan)}`;
    case undefined:
    default: {
      const beat = combine(live.scans[scan.scan] ?? []);
      const note = beat?.note === undefined ? "" : `  ${color.dim(beat.note)}`;
      const what =
        beat === undefined
          ? describeScan(scan)
          : `${beat.stage.padEnd(9)} ${formatPercent(beat.fraction).padStart(5)}${note}`;
      return `  ${color.dim("·")} ${name}  ${bar(beat?.fraction ?? 0)} ${what}`;
    }
  }
}

/** How a scan stands, in words. */
export function describeScan(scan: ScanStatus): string {
  switch (scan.outcome) {
    case "cropped": {
      const kept = formatPercent(scan.keptFraction ?? 1);
      const shell =
        scan.retained?.state === "quarantined"
          ? `, whole volume ${describeRetained(scan.retained)}`
          : "";
      return `cropped, ${kept} kept, confidence ${(scan.confidence ?? 0).toFixed(2)}${shell}`;
    }
    case "kept-whole":
      return `kept whole${scan.reasons?.[0] === undefined ? "" : `: ${scan.reasons[0]}`}`;
    case "failed": {
      const { type, message } = scan.failure ?? { type: "Error", message: "unknown" };
      return `failed${scan.stage === undefined ? "" : ` in ${scan.stage}`}: ${type}: ${message.split("\n")[0]}`;
    }
    case "cancelled":
      return "cancelled";
    case undefined:
    default:
      return scan.state === "prepared" ? "prepared, waits for the encoder" : scan.state;
  }
}

function batchLine({ batch }: LiveProgress, color: Colors): string[] {
  if (batch === undefined) return [];
  const { stage, fraction, note } = batch;
  const words = note === undefined ? "" : `  ${color.dim(note)}`;
  return [`  ${stage.padEnd(8)}  ${bar(fraction)} ${formatPercent(fraction).padStart(5)}${words}`];
}

function campaignLine(status: BatchStatus, { campaign }: LiveProgress, color: Colors): string[] {
  if (campaign === undefined) return [];
  const { round, progress } = campaign;
  const fraction = round?.fraction ?? (progress === undefined ? 0 : progress.step / progress.steps);
  const known = [
    ...(progress === undefined || progress.step === 0
      ? []
      : [`step ${progress.step} of ${progress.steps}`]),
    ...(progress?.loss === undefined ? [] : [`loss ${progress.loss.toFixed(4)}`]),
  ];
  const waits = round === undefined && progress?.state === "running" ? ["waits for its turn"] : [];
  const words = round?.note ?? [...known, ...waits].join(", ");
  const name = status.campaign ?? progress?.campaign ?? "";
  return [
    `  pretrain  ${bar(fraction)} ${formatPercent(fraction).padStart(5)}  ${words}  ${color.dim(name)}`,
  ];
}

export function bar(fraction: number, width = BAR): string {
  const full = Math.round(Math.min(1, Math.max(0, fraction)) * width);
  return "█".repeat(full) + "░".repeat(width - full);
}

/** Busy scans first, then what went wrong, then what waits, then what is done. */
function urgency({ state, outcome }: ScanStatus): number {
  if (state === "preparing" || state === "analysing") return 0;
  if (outcome === "failed") return 1;
  if (outcome === "kept-whole") return 2;
  if (state === "settled") return 4;
  return 3;
}

/** Cut to the terminal's width without counting, or cutting into, colour codes. */
function clip(line: string, columns: number): string {
  let shown = 0;
  let out = "";
  for (const part of line.split(/(\u001B\[\d+m)/)) {
    if (part.startsWith("\u001B[")) out += part;
    else {
      const room = Math.max(0, columns - 1 - shown);
      const cut = [...part];
      out +=
        cut.length > room
          ? `${cut.slice(0, Math.max(0, room - 1)).join("")}${room > 0 ? "…" : ""}`
          : part;
      shown += Math.min(cut.length, room);
    }
  }
  return out;
}
