import { keys } from "../schemas/names.ts";
import {
  campaignSpec,
  roundInput,
  type CampaignSpec,
  type RoundInput,
  type RoundResult,
} from "../schemas/stages.ts";
import type { PretrainParameters } from "../schemas/batch.ts";
import type { KeyParts, Manifest, Output } from "../schemas/manifest.ts";
import type { EncoderRef } from "../schemas/volume.ts";
import { activityInfo } from "@temporalio/activity";
import { InvalidInput } from "../domain/errors.ts";
import { pretrainParts, stoppedParts } from "./pretrain-key.ts";
import { contentKey } from "./stage/content-key.ts";
import { readDocument } from "./stage/documents.ts";
import { commitManifest, readManifest, toJson } from "./stage/manifests.ts";
import { runJob, type StageDeps } from "./stage/run-stage.ts";
import { compile } from "./validate.ts";

const parseSpec = compile<CampaignSpec>(campaignSpec);
const parseRound = compile<RoundInput>(roundInput);

/** What the training job says of one round. */
export interface TrainingRound extends Omit<RoundResult, "encoder"> {
  /** Present when the encoder has been written. */
  readonly encoder?: EncoderRef;
  /** What the encoder's key is the digest of. */
  readonly parts?: KeyParts;
  readonly outputs: readonly Output[];
}

/** One round of a campaign at a time, from its newest valid checkpoint. */
export function createPretrainActivities(deps: StageDeps) {
  return {
    pretrainRound: (input: RoundInput) => round(deps, parseRound(input), false),
    /** Publish the encoder as it is now, although the campaign could go on. */
    publishEncoder: ({ campaign }: { campaign: string }) =>
      round(deps, { campaign, seconds: 1 }, true),
  };
}

async function round(
  deps: StageDeps,
  { campaign, seconds }: RoundInput,
  publish: boolean,
): Promise<RoundResult> {
  const { store } = deps;
  const spec = parseSpec(await readDocument(store, keys.campaignSpec(campaign)));
  const parameters = spec.parameters as PretrainParameters;
  const parts = pretrainParts(
    parameters,
    spec.views.map(({ key }) => key),
    spec.warmStart,
  );
  if (contentKey(parts) !== spec.key) {
    throw new InvalidInput(`Campaign ${campaign}: its key does not belong to its specification`);
  }
  const earlier = await readManifest(store, "pretrain", spec.key);
  if (earlier !== undefined) return earlier.result as unknown as RoundResult;

  const startedAt = deps.now();
  const done = await runJob<TrainingRound>(deps, {
    stage: "pretrain",
    subject: campaign,
    job: "pretrain",
    input: { spec, seconds, publish, parts },
  });
  const { outputs, parts: own, ...result } = done;
  if (result.state === "running") return result;

  if (result.encoder !== undefined) {
    // Before the manifest: an attempt that dies in between is repeated, and then points again.
    const { view, pretext } = result.encoder;
    await store.put(keys.latestEncoder(spec.collection, view), toJson(result.encoder));
    await store.put(keys.latestEncoder(spec.collection, view, pretext), toJson(result.encoder));
  }
  const commit = (committed: KeyParts) =>
    commitManifest(store, {
      stage: "pretrain",
      key: contentKey(committed),
      parts: committed,
      result: { ...result },
      outputs: [...outputs],
      run: {
        startedAt: startedAt.toISOString(),
        seconds: (deps.now().getTime() - startedAt.getTime()) / 1000,
        host: deps.host,
        attempt: activityInfo().attempt,
      },
    } satisfies Manifest);
  const asked = publish ? stoppedParts(parts, result.step) : parts;
  // An encoder that was begun anew has a key of its own; what was asked for points to it.
  if (own !== undefined && contentKey(own) !== contentKey(asked)) await commit(own);
  await commit(asked);
  return result;
}
