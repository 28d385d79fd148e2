import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";
import { curveFigure } from "../../../activities/evaluation/curve-figure.ts";
import { runPython } from "../../support/run-python.ts";
import { temporaryFolder } from "../../support/temporary.ts";

test("a figure is well-formed SVG whose lines rise where numbers rise, and names its levels", async () => {
  const svg = curveFigure([
    {
      title: "Loss < 1 & more",
      ...{ xName: "seconds", yName: "loss" },
      levels: [{ y: 2, name: "chance" }],
      lines: [
        { x: [1, 2, 3], y: [0.5, 1, NaN] },
        { x: [1, 2], y: [0, 2], dashed: true, colour: 0 },
      ],
    },
    { title: "Empty", xName: "seconds", yName: "nothing", lines: [] },
  ]);
  const path = join(await temporaryFolder(), "figure.svg");
  await writeFile(path, svg);
  const found = await runPython(
    `import sys, json, xml.etree.ElementTree as E
n = "{http://www.w3.org/2000/svg}"
root = E.parse(sys.argv[1]).getroot()
lines = [[tuple(map(float, q.split(","))) for q in p.get("points").split()] for p in root.iter(n + "polyline")]
print(json.dumps({"lines": lines, "strokes": [p.get("stroke") for p in root.iter(n + "polyline")], "texts": [t.text.strip() for t in root.iter(n + "text")]}))`,
    path,
  );
  const { lines, strokes, texts } = JSON.parse(found) as {
    lines: [number, number][][];
    strokes: string[];
    texts: string[];
  };
  expect(lines.map((line) => line.length)).toEqual([2, 2]);
  for (const [a, b] of lines) {
    expect(b![0]).toBeGreaterThan(a![0]);
    expect(b![1]).toBeLessThan(a![1]); // y runs downwards
  }
  expect(strokes[0]).toBe(strokes[1]);
  expect(texts).toEqual(expect.arrayContaining(["Loss < 1 & more", "chance", "Empty", "seconds"]));
});
