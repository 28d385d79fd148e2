import { describe, expect, test } from "vitest";
import type { QuarantinedVolume } from "../../activities/retention/list-quarantine.ts";
import { choosePurged, describePurge, describeQuarantine } from "../../cli/quarantine-board.ts";
import type { QuarantineRecord } from "../../schemas/retention.ts";

const now = new Date("2026-11-24T00:00:00.000Z");
const volume = (
  scan: string,
  until: string,
  more: Partial<QuarantinedVolume> & { state?: QuarantineRecord["state"] } = {},
): QuarantinedVolume => {
  const { state = "quarantined", ...rest } = more;
  const [batch, name] = scan.split("/") as [string, string];
  const record = { format: 1, volume: "a".repeat(64), state, batch, scan: name, objects: 4, bytes: 2e9 } as const; // prettier-ignore
  return {
    record: { ...record, since: "2026-11-01T00:00:00.000Z", until: `${until}T00:00:00.000Z` },
    ...{ objects: 4, bytes: 2_000_000_000, scans: [scan], crops: [] },
    ...rest,
  };
};

const over = volume("night/A", "2026-11-20");
const later = volume("night/B", "2026-12-20");
const needed = volume("old/C", "2026-11-01", { needed: "The crop of C is damaged" });
const begun = volume("old/D", "2026-12-31", { state: "purging" });
const shared = volume("old/E", "2026-12-31", { scans: ["old/E", "night/E"] });
const all = [over, later, needed, begun, shared];

describe("a purge", () => {
  test("takes what is over, and what was begun; never what is needed", () => {
    const chosen = choosePurged(all, { now });
    expect(chosen).toEqual({ going: [over, begun], staying: [needed] });
  });

  test("of a batch takes what its scans came from, also before the days are over", () => {
    expect(choosePurged(all, { batch: "night", now }).going).toEqual([over, later, begun, shared]);
    expect(choosePurged([later, needed], { batch: "nobody", now })).toEqual({ going: [], staying: [] }); // prettier-ignore
  });

  test("lists exactly what goes and whose it is, and what stays and why", () => {
    expect(describePurge([over, shared], [needed])).toEqual([
      "To be deleted for good: 8 objects, 4.00 GB",
      "  night/A: everything outside the crop; 4 objects, 2.00 GB, in quarantine since 2026-11-01, until 2026-11-20",
      "  old/E, night/E: everything outside the crop; 4 objects, 2.00 GB, in quarantine since 2026-11-01, until 2026-12-31",
      "  old/C stays: The crop of C is damaged",
    ]);
    expect(describePurge([], [])).toEqual(["Nothing in quarantine is to be deleted"]);
  });
});

test("the list says until when, and what is on its way", () => {
  expect(describeQuarantine([over, later, begun, needed], now)).toEqual([
    "night/A  until 2026-11-20, days over  4 objects, 2.00 GB",
    "night/B  until 2026-12-20  4 objects, 2.00 GB",
    "old/D  purging  4 objects, 2.00 GB",
    "old/C  until 2026-11-01, days over  4 objects, 2.00 GB  (The crop of C is damaged)",
  ]);
  expect(describeQuarantine([], now)).toEqual(["Nothing is in quarantine"]);
});
