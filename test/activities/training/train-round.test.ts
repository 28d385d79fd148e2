import { expect, it } from "vitest";
import { createCheckpoints } from "../../../activities/stage/checkpoints.ts";
import { trainRound } from "../../../activities/training/train-round.ts";
import { createTrainingLog, readTrainingLog } from "../../../activities/training/training-log.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { Diverged } from "../../../domain/errors.ts";
import type { Pretext } from "../../../domain/pretexts/create-pretext.ts";
import type { PretrainConfig } from "../../../domain/pretexts/pretrain-config.ts";
import type { TrainingEnd, TrainingStep } from "../../../domain/training/fit.ts";
import type { FitState, Validation } from "../../../domain/training/fit-state.ts";
import { freshState } from "../../../domain/training/fit-state.ts";

const STEPS = 20;

/** A training without a network: it diverges wherever `diverges` says so. */
function fakePretext(
  diverges: (step: number, rateScale: number) => boolean = () => false,
): Pretext {
  const state: FitState = freshState();
  async function* train(): AsyncGenerator<TrainingStep, TrainingEnd, void> {
    while (state.step < STEPS) {
      await Promise.resolve();
      const step = state.step + 1;
      if (diverges(step, state.rateScale)) throw new Diverged(`Training diverged at step ${step}`);
      state.step = step;
      const done = { step, loss: 1 / step, norm: 1, rate: state.rateScale };
      if (step % 4 !== 0) {
        yield done;
        continue;
      }
      const validation: Validation = { step, loss: Math.abs(step - 8) };
      state.validations = [...state.validations, validation];
      yield { ...done, validation };
    }
    return { state: "finished", early: false, step: STEPS, loss: 0, history: state.history };
  }
  return {
    config: { pretext: "rotation", steps: STEPS } as PretrainConfig,
    network: undefined as never,
    progress: () => ({ ...state }),
    train,
    checkpoint: () => Promise.resolve(Buffer.from(JSON.stringify(state))),
    restore: (bytes) => {
      Object.assign(state, JSON.parse(Buffer.from(bytes).toString()) as FitState);
      return Promise.resolve();
    },
    slowDown: (rateScale) => (state.rateScale = rateScale),
    judgedBy: [],
    published: (work) => work(),
    encoder: () => Promise.resolve(Buffer.from(`encoder of step ${state.step}`)),
    dispose: () => undefined,
  };
}

async function round(
  pretext: Pretext,
  { deadline = Infinity, store = createMemoryStore(), signal = new AbortController().signal } = {},
) {
  const notes: string[] = [];
  const best: number[] = [];
  let clock = 0;
  const { state } = await trainRound(
    pretext,
    {
      ...{ deadline, now: () => ++clock, checkpointEvery: 5 },
      checkpoints: createCheckpoints(store, "c"),
      log: createTrainingLog(store, "c", { now: () => 0 }),
      keepBest: (step) => Promise.resolve(void best.push(step)),
      notice: (note) => void notes.push(note),
    },
    { signal, progress: ({ note }) => void notes.push(note!) },
  );
  return { state, logged: await readTrainingLog(store, "c"), notes, best };
}

it("trains to its end, logs every step, and keeps the encoder whenever it is the best", async () => {
  const { state, logged, best, notes } = await round(fakePretext());
  expect(state).toBe("finished");
  expect(logged.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
  expect(logged[7]!.values).toMatchObject({ loss: 1 / 8, "validation/loss": 0 });
  expect(best).toEqual([4, 8]);
  expect(notes[0]).toBe("rotation: step 1 of 20, loss 1.000");
});

it("stops at its deadline with a checkpoint, and goes on from there", async () => {
  const pretext = fakePretext();
  const store = createMemoryStore();
  expect((await round(pretext, { deadline: 7, store })).state).toBe("running");
  expect(pretext.progress().step).toBe(7);
  const resumed = fakePretext();
  expect(await createCheckpoints(store, "c").restoreNewest((bytes) => resumed.restore(bytes))).toBe(
    7,
  );
  const { state, logged } = await round(resumed, { store });
  expect(state).toBe("finished");
  expect(logged).toHaveLength(STEPS);
});

it("told to stop, saves before it goes", async () => {
  const controller = new AbortController();
  const store = createMemoryStore();
  const pretext = fakePretext((step) => {
    if (step === 4) controller.abort(new Error("enough"));
    return false;
  });
  await expect(round(pretext, { store, signal: controller.signal })).rejects.toThrow("enough");
  expect(await createCheckpoints(store, "c").restoreNewest(() => undefined)).toBe(4);
});

it("stopped while it waits for a batch, saves the steps before, and the best of them first", async () => {
  const controller = new AbortController();
  const store = createMemoryStore();
  const pretext = fakePretext((step) => {
    if (step !== 9) return false;
    controller.abort(new Error("enough"));
    throw new Error("enough");
  });
  await expect(round(pretext, { store, signal: controller.signal })).rejects.toThrow("enough");
  const resumed = fakePretext();
  const restore = (bytes: Uint8Array) => resumed.restore(bytes);
  expect(await createCheckpoints(store, "c").restoreNewest(restore)).toBe(8);
});

it("goes back to its last checkpoint and on at half the rate where it diverges", async () => {
  const pretext = fakePretext((step, rateScale) => step === 13 && rateScale > 0.25);
  const { state, logged, notes } = await round(pretext);
  expect(state).toBe("finished");
  expect(pretext.progress().rateScale).toBe(0.25);
  expect(notes).toContain("Training diverged at step 13; went on from step 10 at 0.25 of the rate");
  // Steps after the checkpoint were done again, and are logged once, as they were at last.
  expect(logged.map(({ step }) => step)).toEqual(Array.from({ length: STEPS }, (_, i) => i + 1));
  expect(logged[10]!.values["rate"]).toBe(0.25);
});

it("goes back to its very beginning before there is a checkpoint", async () => {
  const pretext = fakePretext((step, rateScale) => step === 2 && rateScale === 1);
  expect((await round(pretext)).state).toBe("finished");
  expect(pretext.progress().rateScale).toBe(0.5);
});

it("gives up when it diverges at a sixteenth of the rate, too", async () => {
  const rates = new Set<number>();
  const pretext = fakePretext((step, rateScale) => {
    if (step === 13) rates.add(rateScale);
    return step === 13;
  });
  await expect(round(pretext)).rejects.toBeInstanceOf(Diverged);
  expect([...rates]).toEqual([1, 0.5, 0.25, 0.125, 0.0625]);
});
