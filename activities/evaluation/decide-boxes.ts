import { marginFor } from "../../domain/localization/margin.ts";
import type { FoundBoxes } from "../../domain/localization/reconcile.ts";
import { fullBox, growBox } from "../../domain/volumes/box.ts";
import type { Box } from "../../domain/volumes/shape.ts";
import { breathe } from "../engine/breathe.ts";
import type { JobContext } from "../engine/job.ts";
import { openSource } from "../sources/open-source.ts";
import { compressedBytes } from "./compressed-bytes.ts";
import type { ScoreBoxes } from "./create-scorer.ts";
import type { FoundBox, LocalizationScans } from "./localization-request.ts";
import type { DecidedScan, Decisions, LocatedBy, RefinedBy } from "./localization-result.ts";
import type { OpenedScan } from "./open-scans.ts";

/** A decision about a scan, before it is scored, with the candidates that it was made from. */
export interface ScanDecision extends Omit<DecidedScan, "scan" | "bytes"> {
  readonly boxes: FoundBoxes;
}

/** What a localizer has to say about all scans, and what is scored besides its decisions. */
export interface Looked {
  /** Called with the scans in their order. */
  readonly decide: (scan: OpenedScan, index: number) => ScanDecision;
  readonly parts?: readonly LocatedBy[];
  readonly refined?: RefinedBy;
}

/** Candidates, by what tables call them. */
const PARTS: Readonly<Record<keyof FoundBoxes, string>> = {
  windows: "windows alone",
  slices: "whole slices alone",
  refined: "refined alone",
  energy: "energy alone",
};

/**
 * Decide on every scan, score the decisions and the candidates that they are made from, and measure
 * what the crops would take on disk.
 */
export async function decideBoxes(
  name: string,
  scans: readonly OpenedScan[],
  decide: Looked["decide"],
  { open, margin }: Pick<LocalizationScans, "open" | "margin">,
  score: ScoreBoxes,
  { signal, progress }: JobContext,
): Promise<Decisions> {
  const candidates: FoundBoxes[] = [];
  const decided: DecidedScan[] = [];
  for (const [i, opened] of scans.entries()) {
    const { scan, place } = opened;
    progress({ fraction: i / scans.length, note: `${scan}: deciding` });
    const { boxes, ...decision } = decide(opened, i);
    const { shape0 } = place;
    const whole = fullBox(shape0);
    const kept: Box = decision.box
      ? growBox(decision.box, marginFor(shape0, margin).margin, shape0)
      : whole;
    const { source } = open.scans.find((one) => one.scan === scan)!;
    const file = await openSource({ scan, source }, process.cwd());
    const bytes = await compressedBytes(file, [whole, kept], signal);
    candidates.push(boxes);
    decided.push({ scan, ...decision, bytes: { whole: bytes[0]!, kept: bytes[1]! } });
    await breathe();
    signal.throwIfAborted();
  }
  const parts = (Object.keys(PARTS) as (keyof FoundBoxes)[])
    .map((part) => ({ part, boxes: candidates.map((boxes): FoundBox => boxes[part]) }))
    .filter(({ boxes }) => boxes.some((box) => box !== undefined));
  return {
    decided: score(
      name,
      decided.map(({ box }) => box),
    ),
    parts: parts.map(({ part, boxes }) => score(PARTS[part], boxes)),
    scans: decided,
  };
}
