import { describe, expect, test } from "vitest";
import { renderReport } from "../../../activities/report/render-report.ts";
import { reportTotals } from "../../../activities/report/report-totals.ts";
import { exampleModel } from "../../support/report-model.ts";

const model = exampleModel();
const html = renderReport(model);

describe("the report", () => {
  test("needs nothing from anywhere and can run nothing", () => {
    const links = [...html.matchAll(/(?:href|src|url)\s*[=(]\s*"?([^"\s>)]+)/g)].map(
      ([, to]) => to!,
    );
    expect(links.length).toBeGreaterThan(6);
    expect(links.filter((to) => !to.startsWith("#") && !to.startsWith("data:image/png"))).toEqual(
      [],
    );
    expect(html).not.toContain("<script");
    expect(html).toContain("default-src &#39;none&#39;");
  });

  test("shows what a user wrote as text", () => {
    expect(html).toContain("&lt;script&gt;alert(1)&lt;/script&gt;");
  });

  test("has every scan, in the table and in full, whatever became of it", () => {
    for (const { scan } of model.scans) {
      expect(html).toContain(`id="scan-${scan}"`);
      expect(html).toContain(`href="#scan-${scan}"`);
    }
  });

  test("says of a failed scan what failed, where, and how to run it again", () => {
    expect(html).toMatch(/CorruptData<\/b> in ingest: A07: slice 118 of 300/);
    expect(html).toContain("microtome retry 2026-11-medaka --only A07");
  });

  test("says what cropping saves three ways, over the batch and of each scan", () => {
    const table = /<h2>Storage<\/h2>.*?<\/table>/s.exec(html)![0];
    const cells = [...table.matchAll(/<td[^>]*>(.*?)<\/td>/gs)].map(([, text]) =>
      text!.replace(/<svg.*/s, "").trim(),
    );
    expect(cells).toEqual([
      ...["voxels", "2.62 million", "490 thousand", "81 %", ""],
      ...["bytes, full resolution", "3.21 MB", "612 kB", "81 %", ""],
      ...["bytes, all levels", "3.70 MB", "705 kB", "81 %", ""],
      ...["objects", "27", "9", "67 %", ""],
    ]);
    expect(html).toContain("67 % of the objects (27, 9)");
    expect(html).toContain("in quarantine until 2026-12-24");
  });

  test("draws found, margin and true box in voxels of level 0", () => {
    // Along z: y down, x right; the box is y 34–96, x 28–90, the margin 5.
    expect(html).toContain('<rect class="box" x="28" y="34" width="62" height="62" />');
    expect(html).toContain('<rect class="margin" x="23" y="29" width="72" height="72" />');
    expect(html).toContain('<rect class="truth" x="29" y="35" width="63" height="60" />');
  });

  test("describes every picture in words", () => {
    const pictures = html.match(/<svg class="(?:view|chart)"[^>]*>/g)!;
    const silent = pictures.filter((tag) => !/aria-label="[^"]+"|aria-hidden="true"/.test(tag));
    expect(silent).toEqual([]);
    expect(html).toContain("A01, brightest voxels along z; box y 34 to 96, x 28 to 90");
  });

  test("prints no number that is none", () => {
    expect(html).not.toMatch(/NaN|Infinity|undefined|\[object/);
  });

  test("is the same text for the same model", () => {
    expect(renderReport(exampleModel())).toBe(html);
  });

  test("of a batch with nothing in it is still a report", () => {
    const empty = renderReport({ batch: "b", outcome: "failed", scans: [], gaps: ["nothing"] });
    expect(empty).toContain('<p class="gap">nothing</p>');
    expect(empty).not.toMatch(/NaN|undefined/);
  });
});

test("totals count outcomes, bytes of cropped scans only, and what was computed this time", () => {
  const totals = reportTotals(model.scans);
  expect(totals.outcomes).toEqual(
    ["cropped", "kept-whole", "failed", "cancelled"].map((outcome) => ({ outcome, count: 1 })),
  );
  expect([totals.bytesBefore, totals.bytesAfter]).toEqual([3_211_000, 612_000]);
  expect(totals.meanKept).toBeCloseTo((0.187 + 1) / 2, 12);
  expect(totals.meanErrorPx).toBe(1.5);
  expect([totals.worstLost, totals.meanLost]).toEqual([0.00008, 0.00004]);
  expect(totals.stages).toEqual([
    {
      stage: "ingest",
      seconds: 4.2 + 4.2 + 3,
      computed: 3,
      reused: 0,
      perScan: expect.closeTo(3.8, 9) as number,
    },
    { stage: "downscale", seconds: 0, computed: 0, reused: 2, perScan: 2.1 },
    { stage: "crop", seconds: 150, computed: 2, reused: 0, perScan: 75 },
  ]);
});

test("the report says where calibrated margins come from, and warns of drift", () => {
  const text = "Margins of 3 scans come from <the> calibration";
  const calm = renderReport({ ...model, margins: [{ text, drifted: false }] });
  expect(calm).toContain("<p >Margins of 3 scans come from &lt;the&gt; calibration.</p>");
  const warned = renderReport({ ...model, margins: [{ text, drifted: true }] });
  expect(warned).toContain('<p class="gap">Margins of 3 scans come from');
  expect(html).not.toContain("Margins of");
});
