import { CancelledFailure } from "@temporalio/activity";
import { beforeAll, describe, expect, it } from "vitest";
import { sha256 } from "../../../activities/stage/content-key.ts";
import { readCertainty } from "../../../activities/stage/certainty.ts";
import { findDocument } from "../../../activities/stage/documents.ts";
import { openEncoder } from "../../../domain/pretexts/encoder-file.ts";
import { AXES } from "../../../domain/volumes/shape.ts";
import type { LossCurve } from "../../../schemas/campaign.ts";
import { keys } from "../../../schemas/names.ts";
import type { PreparedScan } from "../../../schemas/stages.ts";
import type { EncoderRef } from "../../../schemas/volume.ts";
import { addonPath } from "../engine/addon.ts";
import { activityEnvironment, asActivity } from "../stage/fake-stage.ts";
import { listAll } from "../stores/conformance.ts";
import { inProcess } from "./in-process.ts";
import { blobScan, withTiffs } from "./write-scan.ts";

const STEPS = 8;

/** A batch of one prepared scan that is about to be pretrained on. */
async function campaignWorld() {
  let made: { world: Awaited<ReturnType<typeof inProcess>>; prepared: PreparedScan } | undefined;
  await withTiffs(blobScan(48).grid, async (folder) => {
    const world = await inProcess(
      {
        scans: [{ id: "A", source: folder }],
        downscale: { targetSize: 48 },
        pretrain: {
          ...{ width: 4, batchSize: 8, windowSize: 8, steps: STEPS, warmup: 2, minScans: 1 },
          ...{ checkpointEvery: 3, seed: 5 },
        },
        localize: { stride: 2 },
      },
      { addon: await addonPath() },
    );
    made = { world, prepared: await world.prepare("A") };
  });
  const { world, prepared } = made!;
  const { activities, store, spec } = world;
  const choice = await activities.chooseEncoder({
    ...{ batch: "b", spec, repretrain: false },
    scans: [{ scan: "A", key: prepared.view.key }],
  });
  if (choice.kind !== "train") throw new Error(`Expected to train, got ${JSON.stringify(choice)}`);
  const { campaign } = choice;
  return {
    ...world,
    prepared,
    campaign,
    round: (seconds: number, env = activityEnvironment()) =>
      asActivity(() => activities.pretrainRound({ campaign, seconds }), env),
    publish: () => asActivity(() => activities.publishEncoder({ campaign })),
    checkpoints: async () =>
      (await listAll(store, `${keys.checkpoints(campaign)}/`)).map(({ key }) =>
        Number(key.split("/").at(-2)),
      ),
  };
}

type World = Awaited<ReturnType<typeof campaignWorld>>;
const encoderBytes = ({ store }: World, { key }: EncoderRef) =>
  store.get(`${keys.encoder(key)}/encoder.bin`);

describe("a campaign", () => {
  let whole: World;
  let encoder: EncoderRef;
  beforeAll(async () => {
    whole = await campaignWorld();
    const end = await whole.round(600);
    expect(end).toMatchObject({ step: STEPS, state: "finished" });
    encoder = end.encoder!;
  });

  it("leaves an encoder that can be opened, its curve, and checkpoints on the way", async () => {
    const { config, network } = openEncoder((await encoderBytes(whole, encoder))!);
    expect(config).toMatchObject({ view: "windows", width: 4, windowSize: 8 });
    network.dispose();
    const curve = await findDocument<LossCurve>(
      whole.store,
      `${keys.encoder(encoder.key)}/curve.json`,
    );
    expect(curve?.steps).toEqual([1, 2, 3, 4, 5, 6, 7, 8]);
    expect(curve?.loss.every((loss) => loss > 0)).toBe(true);
    expect(curve?.accuracy).toHaveLength(STEPS);
    expect(await whole.checkpoints()).toEqual([3, 6, 8]);
    expect(await findDocument(whole.store, keys.latestEncoder("default", "windows"))).toEqual(
      encoder,
    );
  });

  it("in rounds that are cut short trains the same encoder, to the last bit", async () => {
    const cut = await campaignWorld();
    const states: string[] = [];
    let last = await cut.round(0.001);
    for (; last.state === "running"; last = await cut.round(0.001)) states.push(last.state);
    expect(states).toHaveLength(STEPS - 1);
    expect(last.encoder).toEqual(encoder);
    expect(sha256((await encoderBytes(cut, last.encoder!))!)).toBe(
      sha256((await encoderBytes(whole, encoder))!),
    );
  });

  it("that is cancelled saves where it is, and goes on from there", async () => {
    const world = await campaignWorld();
    const env = activityEnvironment();
    env.on("heartbeat", ({ note }: { note?: string }) => {
      if (note?.includes("step 2 of") === true) env.cancel("CANCELLED");
    });
    await expect(world.round(600, env)).rejects.toBeInstanceOf(CancelledFailure);
    expect(await world.checkpoints()).toEqual([0, 2]);
    const end = await world.round(600);
    expect(end.encoder).toEqual(encoder);
    expect(await encoderBytes(world, end.encoder!)).toEqual(await encoderBytes(whole, encoder));
  });

  it("that is stopped publishes what it has, and before its first step nothing", async () => {
    const world = await campaignWorld();
    expect(await world.publish()).toMatchObject({ step: 0, state: "finished" });
    const latest = () => findDocument(world.store, keys.latestEncoder("default", "windows"));
    expect(await latest()).toBeUndefined();
    await world.round(0.001);
    const stopped = await world.publish();
    expect(stopped.step).toBe(1);
    expect(stopped.encoder?.key).not.toBe(encoder.key);
    expect(await encoderBytes(world, stopped.encoder!)).toBeDefined();
    expect(await latest()).toEqual(stopped.encoder);
  });

  it("scores every axis with its encoder, and the scan is decided on with what they say", async () => {
    const { activities, spec, prepared, store } = whole;
    const about = { batch: "b", scan: "A", spec };
    const profiles: string[] = [];
    for (const axis of AXES) {
      const { key, result } = await asActivity(() =>
        activities.localizeAxis({ ...about, view: prepared.view, encoder, axis }),
      );
      const certainty = await readCertainty(store, key);
      expect(certainty).toMatchObject({ axis, windowRadius: 4 });
      expect(certainty.map?.stride).toBe(2);
      const { values } = certainty.profile;
      expect(values).toHaveLength(certainty.map!.values.shape[axis]);
      expect(result.range).toEqual([Math.min(...values), Math.max(...values)]);
      profiles.push(key);
    }
    expect(new Set(profiles).size).toBe(3);
    const { result } = await asActivity(() =>
      activities.reconcile({ ...about, prepared, profiles, encoder }),
    );
    expect(result.candidates).toHaveProperty("energy");
    // Eight steps teach little: the windows found something, or it is said that they did not.
    const flat = result.reasons.some((reason) => reason.startsWith("The map of windows is flat"));
    expect("windows" in result.candidates).toBe(!flat);
  });

  it("whose encoder is gone cannot localize", async () => {
    const { activities, spec, prepared } = whole;
    const gone: EncoderRef = { ...encoder, key: "0".repeat(64) };
    const scoring = asActivity(() =>
      activities.localizeAxis({
        ...{ batch: "b", scan: "A", spec, axis: 0, view: prepared.view },
        encoder: gone,
      }),
    );
    await expect(scoring).rejects.toMatchObject({ type: "NotFound" });
  });
});
