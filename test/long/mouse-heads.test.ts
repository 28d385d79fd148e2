import { readFileSync, readdirSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, expect, test } from "vitest";
import { boxVolume, growBox, overlapVolume } from "../../domain/volumes/box.ts";
import type { Box, Zyx } from "../../domain/volumes/shape.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { runPython } from "../support/run-python.ts";
import { sharedFile } from "../support/shared-data.ts";
import { createTestStack } from "../support/stack.ts";

/** Thirteen real micro-CT scans in full field of view; A_J_ is a tight crop and left out. */
const HEADS = sharedFile("mouse_heads/targets");
const truth = (
  JSON.parse(readFileSync(sharedFile("mouse_heads/derived_bboxes.json"), "utf8")) as {
    volumes: Record<string, { shape_zyx: Zyx; bbox_zyx: Box }>;
  }
).volumes;
const files = readdirSync(HEADS).filter((f) => f.endsWith(".nii.gz") && !f.startsWith("A_J_"));

interface Printed {
  readonly outcome: string;
  readonly scans: readonly {
    readonly scan: string;
    readonly outcome: string;
    readonly box?: Box;
    readonly margin?: Box;
    readonly keptFraction: number;
  }[];
}

const stack = createTestStack("heads");
beforeAll(() => stack.up(), 60_000);
afterAll(() => stack.close(), 120_000);

let printed: Printed;

test("thirteen mouse heads with default settings end completed", async () => {
  await writeFile(
    join(stack.dir, "heads.json"),
    JSON.stringify({ batch: "heads", scans: files.map((f) => ({ source: join(HEADS, f) })) }),
  );
  const answer = await microtome(stack.dir, ["submit", "heads.json", "--wait", "--json"]);
  printed = documentOf<Printed>(answer);
  expect(answer.code, answer.stderr).toBe(0);
  expect(printed.outcome).toBe("completed");
  expect(printed.scans).toHaveLength(13);
}, 3_600_000);

test("no crop loses more than 1 % of the reference box; few are kept whole; most of the rest goes", () => {
  const lost = printed.scans.map(({ scan, box, margin }) => {
    if (box === undefined || margin === undefined) return 0;
    const { shape_zyx, bbox_zyx } = truth[`${scan}.nii.gz`]!;
    const kept = growBox(box, margin, shape_zyx);
    return 1 - overlapVolume(kept, bbox_zyx) / boxVolume(bbox_zyx);
  });
  const fractions = printed.scans.map(({ keptFraction }) => keptFraction);
  const mean = fractions.reduce((sum, f) => sum + f, 0) / fractions.length;
  console.log(`lost at most ${Math.max(...lost)}, kept ${mean.toFixed(3)} on average`);
  expect(Math.max(...lost)).toBeLessThanOrEqual(0.01);
  expect(printed.scans.filter((s) => s.outcome === "kept-whole").length).toBeLessThanOrEqual(4);
  expect(mean).toBeLessThanOrEqual(0.6);
});

test("an exported volume equals its source voxel for voxel, header included", async () => {
  const { scan } = printed.scans[0]!;
  const to = join(stack.dir, "out");
  const answer = await microtome(stack.dir, [
    ...["export", `heads/${scan}`, "--stage", "volume", "--format", "nifti", "--to", to],
  ]);
  expect(answer.code, answer.stderr).toBe(0);
  const same = await runPython(
    `import sys, numpy as np, nibabel as nib
a, b = nib.load(sys.argv[1]), nib.load(sys.argv[2])
print(np.array_equal(np.asarray(a.dataobj), np.asarray(b.dataobj)), a.get_data_dtype() == b.get_data_dtype(), np.allclose(a.affine, b.affine, atol=1e-6))`,
    join(HEADS, `${scan}.nii.gz`),
    join(to, `${scan}.nii.gz`),
  );
  expect(same.trim()).toBe("True True True");
}, 120_000);
