import { describe, expect, it } from "vitest";
import { writeCalibration } from "../../../activities/calibration/store-calibration.ts";
import {
  createEncoderActivities,
  parametersDigest,
  refinerDigest,
} from "../../../activities/encoder.ts";
import { commitManifest, toJson } from "../../../activities/stage/manifests.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { resolveBatch } from "../../../cli/resolve-batch.ts";
import { keys } from "../../../schemas/names.ts";
import type { EncoderRef } from "../../../schemas/volume.ts";

const hex = (letter: string) => letter.repeat(64);
const encoderOf = (letter: string): EncoderRef => ({
  ...{ key: hex(letter), view: "windows", pretext: "rotation", encoder: "window-net" },
});

/** A collection that was calibrated with encoder `a` and refinement network `9`. */
async function world(change: { pretrain?: object; localize?: object } = {}) {
  const store = createMemoryStore();
  const activities = createEncoderActivities({ store });
  const asked = resolveBatch({ batch: "k", scans: [{ source: "x.tif" }] }, "/").spec;
  const calibration = await writeCalibration(store, {
    ...{ version: 1, collection: "default", made: "2026-11-25", localizer: {} },
    ...{ encoder: encoderOf("a"), refiner: hex("9") },
    asked: { pretrain: parametersDigest(asked.pretrain), refine: refinerDigest(asked.localize) },
    scans: [
      {
        ...{ scan: "K", batch: "k", volume: hex("1"), worstCut: 0.01, face: "z low" },
        ...{ confidence: 0.9, sides: [0.5, 0.5, 0.5], learnedFrom: false },
      },
    ],
  });
  const { spec } = resolveBatch({ batch: "b", scans: [{ source: "x.tif" }], ...change }, "/");
  await store.put("spec.json", toJson(spec));
  const scans = Array.from({ length: 4 }, (_, i) => ({ scan: `S${i}`, key: hex(String(i)) }));
  const about = { batch: "b", spec: "spec.json", scans };
  return {
    store,
    activities,
    calibration,
    choose: (given: { calibration?: string; repretrain?: boolean } = { calibration }) =>
      activities.chooseEncoder({ ...about, repretrain: false, ...given }),
  };
}

describe("a batch whose margins are calibrated", () => {
  it("uses the networks that were calibrated, says so, and keeps them", async () => {
    const { choose } = await world();
    const choice = await choose();
    expect(choice).toMatchObject({ kind: "use", encoder: encoderOf("a"), refiner: hex("9") });
    expect((choice as { note: string }).note).toMatch(
      /^Encoder aaaaaaaaaaaa: .*collection default was calibrated with/,
    );
    // Pinned: the same without looking at the calibration.
    expect(await choose({})).toMatchObject({ encoder: encoderOf("a"), refiner: hex("9") });
  });

  it("learns its own where it is told to, or asks for others than were calibrated", async () => {
    const { choose, calibration } = await world();
    expect(await choose({})).toMatchObject({ kind: "train" });
    expect(await choose({ calibration, repretrain: true })).toMatchObject({ kind: "train" });
    const other = await world({ pretrain: { steps: 7 } });
    expect(await other.choose()).toMatchObject({ kind: "train", steps: 7 });
  });

  it("keeps the encoder that it had, ahead of the calibration's", async () => {
    const { choose, activities } = await world();
    const about = { batch: "b", spec: "spec.json", scans: ["S0"] };
    await activities.pinEncoder({ ...about, encoder: encoderOf("e") });
    const choice = await choose();
    expect(choice).toMatchObject({ kind: "use", encoder: encoderOf("e") });
    expect(choice).not.toHaveProperty("refiner");
  });

  it("has the refinement network only where it asks for that one", async () => {
    for (const localize of [{ refine: false }, { refineSteps: 9 }]) {
      const choice = await (await world({ localize })).choose();
      expect(choice).toMatchObject({ encoder: encoderOf("a") });
      expect(choice).not.toHaveProperty("refiner");
    }
  });

  it("has it beside an encoder that is named, where that was calibrated", async () => {
    for (const letter of ["a", "e"]) {
      const { store, choose } = await world({ pretrain: { from: hex(letter) } });
      await commitManifest(store, {
        ...{ stage: "pretrain", key: hex(letter), outputs: [] },
        parts: { stage: "pretrain", version: 1, parameters: {}, inputs: {} },
        result: { state: "finished", encoder: encoderOf(letter) },
        run: { startedAt: "", seconds: 1, host: "h", attempt: 1 },
      });
      const choice = await choose();
      expect(choice).toMatchObject({ encoder: encoderOf(letter) });
      expect("refiner" in choice).toBe(letter === "a");
    }
  });

  it("fails to choose where the calibration is gone", async () => {
    const { store, choose, calibration } = await world();
    await store.delete(keys.calibration(calibration));
    await expect(choose()).rejects.toThrow("There is no calibration");
  });
});
