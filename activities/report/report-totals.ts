import { OUTCOMES, type ScanOutcome } from "../../schemas/result.ts";
import type { ReportScan } from "./report-model.ts";
import { type Storage, totalStorage } from "./storage.ts";

/** A batch in numbers; undefined where no scan says anything about it. */
export interface ReportTotals {
  readonly outcomes: readonly { readonly outcome: ScanOutcome; readonly count: number }[];
  /** Over the cropped scans: bytes of level 0 before and after. */
  readonly bytesBefore: number;
  readonly bytesAfter: number;
  /** Over the cropped scans, each way over those that tell it. */
  readonly storage: Storage | undefined;
  readonly meanKept: number | undefined;
  readonly meanErrorPx: number | undefined;
  readonly meanErrorAxis: number | undefined;
  /** Over the scans with a truth mask: the worst share of specimen lost, and the mean. */
  readonly worstLost: number | undefined;
  readonly meanLost: number | undefined;
  readonly stages: readonly StageTotal[];
}

export interface StageTotal {
  readonly stage: string;
  /** Seconds of the scans that were computed; reused ones cost nothing this time. */
  readonly seconds: number;
  readonly computed: number;
  readonly reused: number;
  /** Mean seconds of a scan, those of the reused ones from when they were computed. */
  readonly perScan: number;
}

export function reportTotals(scans: readonly ReportScan[]): ReportTotals {
  const counts = OUTCOMES.map((outcome) => ({
    outcome,
    count: scans.filter((scan) => scan.outcome === outcome).length,
  }));
  const cropped = scans.filter(
    ({ volumeBytes, cropBytes }) => volumeBytes !== undefined && cropBytes !== undefined,
  );
  const lost = scans.flatMap(({ truth }) => truth?.lostFraction ?? []);
  return {
    outcomes: counts.filter(({ count }) => count > 0),
    bytesBefore: sum(cropped.map(({ volumeBytes = 0 }) => volumeBytes)),
    bytesAfter: sum(cropped.map(({ cropBytes = 0 }) => cropBytes)),
    storage: totalStorage(scans.map(({ storage }) => storage)),
    meanKept: mean(scans.flatMap(({ keptFraction }) => keptFraction ?? [])),
    meanErrorPx: mean(scans.flatMap(({ truth }) => truth?.maePx ?? [])),
    meanErrorAxis: mean(scans.flatMap(({ truth }) => truth?.relAxis ?? [])),
    worstLost: lost.length === 0 ? undefined : Math.max(...lost),
    meanLost: mean(lost),
    stages: stageTotals(scans),
  };
}

function stageTotals(scans: readonly ReportScan[]): StageTotal[] {
  const totals = new Map<string, StageTotal>();
  for (const { stage, seconds, reused } of scans.flatMap((scan) => scan.stages)) {
    const so = totals.get(stage) ?? { stage, seconds: 0, computed: 0, reused: 0, perScan: 0 };
    const count = so.computed + so.reused;
    totals.set(stage, {
      stage,
      seconds: so.seconds + (reused ? 0 : seconds),
      computed: so.computed + (reused ? 0 : 1),
      reused: so.reused + (reused ? 1 : 0),
      perScan: (so.perScan * count + seconds) / (count + 1),
    });
  }
  return [...totals.values()];
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: readonly number[]): number | undefined {
  return values.length === 0 ? undefined : sum(values) / values.length;
}
