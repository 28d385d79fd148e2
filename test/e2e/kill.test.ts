import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { afterAll, beforeAll, expect, test } from "vitest";
import { keys } from "../../schemas/names.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { allManifests, stamps } from "../support/manifests.ts";
import { createTestStack } from "../support/stack.ts";

const stack = createTestStack("kill");
/** Fewer than the hundred that a plateau is judged by: what is learned is not the point here. */
const STEPS = 90;
const EVERY = 15;

beforeAll(async () => {
  await stack.up();
  const made = await microtome(stack.dir, [
    ...["phantom", "--out", "scans", "--count", "3", "--preset", "easy"],
    ...["--size", "48", "--seed", "2"],
  ]);
  expect(made.code, made.stderr).toBe(0);
  await writeFile(
    join(stack.dir, "batch.json"),
    JSON.stringify({
      batch: "killed",
      scans: ["P01", "P02", "P03"].map((id) => ({ id, source: `scans/${id}` })),
      pretrain: {
        ...{ steps: STEPS, checkpointEvery: EVERY, windowSize: 12, batchSize: 192, minScans: 3 },
      },
    }),
  );
}, 300_000);
afterAll(() => stack.close(), 120_000);

interface Status {
  readonly outcome: string;
  readonly campaign?: string;
}
const status = async () =>
  documentOf<Status>(await microtome(stack.dir, ["status", "killed", "--json", "--verbose"]));

/** Steps that have a checkpoint, newest last. */
async function checkpoints(campaign: string): Promise<number[]> {
  const store = await stack.store();
  const prefix = `${keys.checkpoints(campaign)}/`;
  const steps: number[] = [];
  for await (const { key } of store.list(prefix)) {
    steps.push(Number(key.slice(prefix.length).split("/")[0]));
  }
  return steps.sort((a, b) => a - b);
}

async function until<T>(
  what: string,
  seconds: number,
  look: () => Promise<T | undefined>,
): Promise<T> {
  const deadline = Date.now() + seconds * 1000;
  for (;;) {
    const seen = await look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`Waited ${seconds} s in vain until ${what}`);
    await sleep(300);
  }
}

test("SIGKILL of the GPU worker in mid-training, then of everything: the run finishes from its checkpoint", async () => {
  const submitted = await microtome(stack.dir, ["submit", "batch.json"]);
  expect(submitted.code, submitted.stderr).toBe(0);
  const campaign = await until("there is a campaign", 120, async () => (await status()).campaign);
  const atKill = await until("there is a checkpoint", 240, async () =>
    (await checkpoints(campaign)).at(-1),
  );
  expect(atKill).toBeLessThan(STEPS);
  await stack.killWorkers("gpu");
  await stack.up();

  // It goes on from there: the next checkpoint is a later one, and none before it comes back.
  const next = await until("training goes on", 240, async () =>
    (await checkpoints(campaign)).find((step) => step > atKill),
  );
  expect(next).toBeLessThanOrEqual(atKill + EVERY + EVERY);
  const before = stamps(await allManifests(await stack.store()));
  await stack.killAll();
  await stack.up();

  const waited = await microtome(stack.dir, ["status", "killed", "--watch", "--json"]);
  const final = documentOf<Status>(waited);
  expect(final.outcome).toBe("completed");
  const manifests = await allManifests(await stack.store());
  // Nothing that had a manifest was done again.
  expect(stamps(manifests)).toMatchObject(before);
  const pretrained = manifests.filter(({ stage }) => stage === "pretrain");
  expect(pretrained).toHaveLength(1);
  expect(pretrained[0]?.result).toMatchObject({ step: STEPS, state: "finished" });
}, 900_000);
