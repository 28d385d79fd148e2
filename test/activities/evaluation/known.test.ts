import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { checkDirections } from "../../../activities/evaluation/check-directions.ts";
import { maskBox } from "../../../activities/evaluation/mask-box.ts";
import { readDirections } from "../../../activities/evaluation/read-directions.ts";
import { readTruthFile, scaleBox } from "../../../activities/evaluation/read-truth-file.ts";
import { reverseView } from "../../../activities/evaluation/reverse-z.ts";
import { sharedFile } from "../../support/shared-data.ts";
import { temporaryFolder } from "../../support/temporary.ts";

async function file(text: string): Promise<string> {
  const path = join(await temporaryFolder(), "file.json");
  await writeFile(path, text);
  return path;
}

describe("known boxes", () => {
  test("are read bare or under `volumes`, under either name, with or without extension", async () => {
    const bare = await readTruthFile(
      await file('{"a": {"shape_zyx": [4, 5, 6], "box_zyx": [[0, 4], [1, 2], [3, 6]]}}'),
    );
    expect(bare.get("a")).toEqual({ shape: [4, 5, 6], box: [[0, 4], [1, 2], [3, 6]] }); // prettier-ignore
    const heads = await readTruthFile(sharedFile("mouse_heads/derived_bboxes.json"));
    expect(heads.get("PWK.PhJ_")?.shape).toEqual([160, 250, 250]);
  });

  test("outside of their volume, or without it, are errors that name the scan", async () => {
    for (const entry of [
      '{"shape_zyx": [4, 5, 6], "box_zyx": [[0, 5], [1, 2], [3, 6]]}',
      '{"shape_zyx": [4, 5, 6], "box_zyx": [[2, 2], [1, 2], [3, 6]]}',
      '{"box_zyx": [[0, 4], [1, 2], [3, 6]]}',
    ]) {
      await expect(readTruthFile(await file(`{"b": ${entry}}`))).rejects.toThrow(/expected b to/);
    }
    await expect(readTruthFile(await file("[1]"))).rejects.toThrow(/expected an object/);
    await expect(readTruthFile(await file("{"))).rejects.toThrow(/expected JSON/);
    await expect(readTruthFile("/nowhere.json")).rejects.toThrow(/Cannot read the truth file/);
  });

  test("are scaled outwards to whole voxels of another size", () => {
    const known = { shape: [166, 250, 250], box: [[3, 165], [10, 11], [249, 250]] } as const; // prettier-ignore
    expect(scaleBox(known, [83, 125, 125])).toEqual([[1, 83], [5, 6], [124, 125]]); // prettier-ignore
  });
});

describe("directions", () => {
  test("are read from an evaluation's document or alone", async () => {
    const inner = '{"a": 1, "b": -1}';
    for (const text of [inner, `{"directions": ${inner}, "pretext": "sorting"}`]) {
      expect([...(await readDirections(await file(text)))]).toEqual([["a", 1], ["b", -1]]); // prettier-ignore
    }
    await expect(readDirections(await file('{"a": 2}'))).rejects.toThrow(/got 2 for a/);
  });

  test("are right up to one global sign", () => {
    const named = (signs: readonly (1 | -1)[]) =>
      signs.map((sign, i) => ({ scan: `s${i}`, named: sign, said: i === 2 ? -1 : 1 }) as const);
    expect(checkDirections(named([1, 1, -1]))).toEqual({ right: 3, wrong: [] });
    expect(checkDirections(named([-1, -1, 1]))).toEqual({ right: 3, wrong: [] });
    expect(checkDirections(named([-1, -1, -1]))).toEqual({ right: 2, wrong: ["s2"] });
  });
});

test("a box is kept with three voxels around it, or emptied with them", () => {
  const volume = { shape: [1, 1, 12], data: new Float32Array(12).fill(2) } as const;
  const box = [[0, 1], [0, 1], [4, 6]] as const; // prettier-ignore
  const kept = [0, 2, 2, 2, 2, 2, 2, 2, 2, 0, 0, 0];
  expect([...maskBox(volume, box, "inside").data]).toEqual(kept);
  expect([...maskBox(volume, box, "outside").data]).toEqual(kept.map((v) => 2 - v));
});

test("a view that is turned over has its slices and their validity in reverse order", () => {
  const view = {
    values: { shape: [3, 1, 2], data: Float32Array.of(0, 1, 2, 3, 4, 5) },
    valid: { shape: [3, 1, 2], data: Uint8Array.of(1, 1, 1, 1, 0, 1) },
    bin: 1,
  } as const;
  const { values, valid } = reverseView(view);
  expect([...values.data]).toEqual([4, 5, 2, 3, 0, 1]);
  expect([...valid.data]).toEqual([0, 1, 1, 1, 1, 1]);
});
