import { openEncoder } from "../../domain/pretexts/encoder-file.ts";
import type { CurriculumPhase, PretrainConfig } from "../../domain/pretexts/pretrain-config.ts";
import { keys } from "../../schemas/names.ts";
import type { CampaignSpec } from "../../schemas/stages.ts";
import type { EncoderRef } from "../../schemas/volume.ts";
import type { ObjectStore } from "../deps.ts";
import { findEncoder } from "../stage/find-encoder.ts";
import { findDocument } from "../stage/documents.ts";
import { toJson } from "../stage/manifests.ts";

/** How a training that stayed at chance was begun anew; plain JSON, part of its encoder's key. */
export interface Restart {
  /** 1 for the first. */
  readonly number: number;
  /** In words, for whoever watches. */
  readonly reason: string;
  /** The encoder it starts from. */
  readonly warmStart?: string;
  readonly curriculum?: readonly CurriculumPhase[];
}

/**
 * Few angles and smoothed views first, of the scans with the most structure: what seven angles in
 * noise do not teach from scratch (`docs/evaluation.md`).
 */
export const EASIER: readonly CurriculumPhase[] = [
  { until: 0.25, angles: [-90, 0, 90], smooth: 1.5, views: 0.5 },
  { until: 0.5, smooth: 1 },
];

/** The newest restart of a campaign; undefined while it is the training that was asked for. */
export async function currentRestart(
  store: ObjectStore,
  { campaign, key }: Pick<CampaignSpec, "campaign" | "key">,
): Promise<Restart | undefined> {
  let newest: Restart | undefined;
  for (let number = 1; ; number++) {
    const found = await findDocument<Restart>(store, keys.campaignRestart(campaign, key, number));
    if (found === undefined) return newest;
    newest = found;
  }
}

/**
 * Decide how to begin anew after a plateau, and write it down, so that whichever process trains next
 * does so: from the collection's latest encoder where it fits and was not begun from, else with
 * easier tasks first. Undefined when there is nothing left to try.
 */
export async function nextRestart(
  store: ObjectStore,
  spec: CampaignSpec,
  config: PretrainConfig,
  current: Restart | undefined,
): Promise<Restart | undefined> {
  const number = (current?.number ?? 0) + 1;
  const restart = await choose(store, spec, config, current, number);
  if (restart === undefined) return undefined;
  const key = keys.campaignRestart(spec.campaign, spec.key, number);
  await store.putIfAbsent(key, toJson(restart));
  return (await findDocument<Restart>(store, key))!; // another attempt's, if it was first
}

async function choose(
  store: ObjectStore,
  spec: CampaignSpec,
  config: PretrainConfig,
  current: Restart | undefined,
  number: number,
): Promise<Restart | undefined> {
  const cold = spec.warmStart === undefined && current === undefined;
  const latest = cold ? await fittingEncoder(store, spec, config) : undefined;
  if (latest !== undefined) {
    const reason = `stayed at chance: begun anew from the collection's latest encoder ${latest.slice(0, 12)}`;
    return { number, reason, warmStart: latest };
  }
  if (current?.curriculum !== undefined || (config.curriculum ?? []).length > 0) return undefined;
  return {
    number,
    reason: "stayed at chance: begun anew with easier tasks first",
    curriculum: EASIER,
  };
}

async function fittingEncoder(
  store: ObjectStore,
  { collection }: CampaignSpec,
  config: PretrainConfig,
): Promise<string | undefined> {
  const latest = await findDocument<EncoderRef>(
    store,
    keys.latestEncoder(collection, config.view, config.pretext),
  );
  if (latest === undefined) return undefined;
  const bytes = await findEncoder(store, latest.key);
  if (bytes === undefined) return undefined;
  const { network, config: had } = openEncoder(bytes);
  network.dispose();
  return had.encoder === config.encoder && had.width === config.width ? latest.key : undefined;
}
