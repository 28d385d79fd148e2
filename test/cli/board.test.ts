import colors from "picocolors";
import { describe, expect, test } from "vitest";
import { renderBoard } from "../../cli/board.ts";
import { describeChanges } from "../../cli/changes.ts";
import { NOTHING_LIVE, type LiveProgress } from "../../cli/live-progress.ts";
import { finalLines } from "../../cli/summary.ts";
import type { BatchStatus } from "../../schemas/result.ts";

const plain = colors.createColors(false);
const wide = { columns: 100, rows: 40 };

const status: BatchStatus = {
  batch: "demo",
  outcome: "running",
  note: "Pretraining on 4 scans: rotation in windows, 600 steps",
  campaign: "demo-0a1b",
  scans: [
    {
      scan: "A01",
      state: "settled",
      outcome: "cropped",
      keptFraction: 0.214,
      confidence: 0.973,
      volumeBytes: 4_000_000,
      cropBytes: 900_000,
    },
    { scan: "A02", state: "preparing", stage: "ingest" },
    { scan: "A03", state: "prepared" },
    { scan: "A04", state: "waiting" },
    { scan: "A05", state: "analysing", stage: "localize" },
    {
      scan: "A07",
      state: "settled",
      outcome: "failed",
      stage: "ingest",
      failure: {
        type: "CorruptData",
        message: "A07: slice 118 of 300 (s_0118.tif) ends early\nmore",
        retryable: false,
      },
    },
    { scan: "A08", state: "settled", outcome: "kept-whole", reasons: ["two specimens"] },
    { scan: "A09", state: "settled", outcome: "cancelled" },
  ],
};

const live: LiveProgress = {
  scans: {
    A02: [{ stage: "ingest", subject: "A02", fraction: 0.351, note: "slice 40 of 114" }],
    A05: [0.2, 0.4, 0.6].map((fraction) => ({
      stage: "localize" as const,
      fraction,
      note: "axis",
    })),
  },
  campaign: {
    round: { stage: "pretrain", fraction: 0.5, note: "step 300, loss 1.21" },
    progress: { campaign: "demo-0a1b", state: "running", step: 250, steps: 600, rounds: [] },
  },
};

describe("the board", () => {
  test("shows busy scans first, then what went wrong, what waits, what is done", () => {
    expect(renderBoard(status, live, wide, plain).join("\n")).toMatchInlineSnapshot(`
      "demo  running · 4 of 8 settled · 1 cropped, 1 kept whole, 1 failed, 1 cancelled, 1 preparing, 1 pr…
        Pretraining on 4 scans: rotation in windows, 600 steps
        pretrain  ██████░░░░░░  50 %  step 300, loss 1.21  demo-0a1b
        · A02   ████░░░░░░░░ ingest     35 %  slice 40 of 114
        · A05   █████░░░░░░░ localize   40 %
        ✗ A07   failed in ingest: CorruptData: A07: slice 118 of 300 (s_0118.tif) ends early
        ○ A08   kept whole: two specimens
        · A03   ░░░░░░░░░░░░ prepared, waits for the encoder
        · A04   ░░░░░░░░░░░░ waiting
        ✓ A01   cropped, 21 % kept, confidence 0.97
        – A09   cancelled"
    `);
  });

  test("shows what the batch does when its scans have settled", () => {
    const batch = { stage: "retain", subject: "demo", fraction: 0.5, note: "quarantine A01 (1 of 2)" } as const; // prettier-ignore
    const until = "2026-12-24T00:00:00.000Z";
    const [done] = status.scans.filter(({ outcome }) => outcome === "cropped");
    const scans = [{ ...done!, retained: { state: "quarantined" as const, until } }];
    const lines = renderBoard({ ...status, note: "", scans }, { scans: {}, batch }, wide, plain);
    expect(lines.slice(2)).toEqual([
      "  retain    ██████░░░░░░  50 %  quarantine A01 (1 of 2)",
      "  ✓ A01   cropped, 21 % kept, confidence 0.97, whole volume in quarantine until 2026-12-24",
    ]);
  });

  test("stays within its rows and says what it leaves out", () => {
    const many = Array.from({ length: 100 }, (_, i) => ({
      scan: `S${i}`,
      state: "waiting" as const,
    }));
    const lines = renderBoard({ ...status, scans: [...status.scans, ...many] }, NOTHING_LIVE, { columns: 80, rows: 12 }, plain); // prettier-ignore
    expect(lines.length).toBeLessThanOrEqual(12);
    expect(lines.at(-1)).toMatch(/… and 10\d more: .*waiting/);
  });

  test("cuts long lines to the terminal without cutting colour codes", () => {
    const colored = renderBoard(status, live, { columns: 30, rows: 40 }, colors.createColors(true));
    for (const line of colored) {
      const visible = line.replace(/\u001B\[\d+m/g, "");
      expect([...visible].length).toBeLessThan(30);
      expect(visible).not.toContain("\u001B");
    }
    expect(colored.join("")).toContain("\u001B[31m");
  });
});

describe("the log of a batch that nobody sees on a terminal", () => {
  test("says only what is new", () => {
    expect(describeChanges(undefined, status)).toEqual([
      "demo: Pretraining on 4 scans: rotation in windows, 600 steps",
      "A01: cropped, 21 % kept, confidence 0.97",
      "A02: preparing",
      "A03: prepared, waits for the encoder",
      "A05: analysing",
      "A07: failed in ingest: CorruptData: A07: slice 118 of 300 (s_0118.tif) ends early",
      "A08: kept whole: two specimens",
      "A09: cancelled",
    ]);
    expect(describeChanges(status, status)).toEqual([]);
    const later: BatchStatus = {
      ...status,
      paused: true,
      scans: status.scans.map((scan) =>
        scan.scan === "A04" ? { scan: "A04", state: "preparing" } : scan,
      ),
    };
    expect(describeChanges(status, later)).toEqual(["demo: paused", "A04: preparing"]);
  });
});

test("the summary says what was kept, saved and failed, and how to go on", () => {
  expect(finalLines({ ...status, outcome: "partial" }, "s3://microtome/r.html")).toEqual([
    "demo: partial · 4 of 8 settled · 1 cropped, 1 kept whole, 1 failed, 1 cancelled, 1 preparing, 1 prepared, 1 waiting, 1 analysing",
    "  kept on average 21 % of a scan",
    "  on disk: 78 % saved (full resolution 4.00 MB whole, 900 kB cropped)",
    "  run only what did not succeed again: microtome retry demo",
    "  report: s3://microtome/r.html  (microtome report demo writes it to a file)",
  ]);
});
