import { InvalidInput } from "../../domain/errors.ts";
import type { ResolvedBatch } from "../../schemas/batch.ts";
import { keys, STAGES } from "../../schemas/names.ts";
import { batchStatus, type BatchStatus } from "../../schemas/result.ts";
import type { EncoderRef } from "../../schemas/volume.ts";
import type { ObjectStore } from "../deps.ts";
import { readQuarantine } from "../retention/quarantine-record.ts";
import { findDocument } from "../stage/documents.ts";
import { asStored } from "../stage/manifests.ts";
import { compile } from "../validate.ts";
import { createPromiseList, type PromiseList } from "./promise-list.ts";
import type { Promises } from "./promise.ts";

const parse = compile<BatchStatus>(batchStatus);
const MANIFEST = /^stages\/([a-z]+)\/[0-9a-f]{64}\/manifest\.json$/;
const ASIDE = /^quarantine\/([0-9a-f]{64})\/manifests\/[a-z]+\/[0-9a-f]{64}\.json$/;

/**
 * Everything that a batch promises: the stages of its scans, its encoder, its model, its report.
 * `InvalidInput` when the batch has left no result.
 */
export async function batchPromises(store: ObjectStore, batch: string): Promise<Promises> {
  const list = createPromiseList(store);
  const status = await storedStatus(store, list, batch);
  if (status === undefined && list.problems.length === 0) {
    throw new InvalidInput(
      `Batch ${batch} has left no result in the store; \`microtome status\` lists the batches`,
    );
  }
  if (status !== undefined) await addBatch(store, list, status);
  return list;
}

/** Everything that any manifest, pin or pointer in the store promises. */
export async function allPromises(store: ObjectStore): Promise<Promises> {
  const list = createPromiseList(store);
  for await (const { key } of store.list("batches/")) {
    const batch = /^batches\/([^/]+)\/result\.json$/.exec(key)?.[1];
    const status = batch && (await storedStatus(store, list, batch));
    if (status) await addBatch(store, list, status, `${batch}/`);
    const pinned = /^batches\/([^/]+)\/pin\.json$/.exec(key)?.[1];
    if (pinned !== undefined) await addPin(store, list, pinned);
  }
  for await (const { key } of store.list("stages/")) {
    if (MANIFEST.test(key)) await list.addFound(key, undefined);
  }
  for await (const { key } of store.list("quarantine/")) {
    const volume = ASIDE.exec(key)?.[1];
    if (volume === undefined) continue;
    const record = await list.attempt(keys.quarantineRecord(volume), () =>
      readQuarantine(store, volume),
    );
    // What is only half there, or half gone, is not promised.
    if (record?.state === "quarantined") await list.addFound(key, undefined, volume);
  }
  for await (const { key } of store.list("encoders/latest/")) {
    const found = await list.attempt(key, () => findDocument<EncoderRef>(store, key));
    if (found) list.targets.push({ path: key, stage: "pretrain", key: found.key });
  }
  for await (const { key } of store.list("models/names/")) {
    const found = await list.attempt(key, () => findDocument<{ key: string }>(store, key));
    if (found) list.targets.push({ path: key, stage: "segment", key: found.key });
  }
  return list;
}

async function storedStatus(
  store: ObjectStore,
  list: PromiseList,
  batch: string,
): Promise<BatchStatus | undefined> {
  const key = keys.batchResult(batch);
  return list.attempt(key, async () => {
    const found = await findDocument<unknown>(store, key);
    return found === undefined ? undefined : asStored(parse, found, key);
  });
}

async function addBatch(
  store: ObjectStore,
  list: PromiseList,
  { batch, outcome, spec, encoder, scans }: BatchStatus,
  prefix = "",
): Promise<void> {
  const by = keys.batchResult(batch);
  for (const { scan: name, stages, volume, prepared } of scans) {
    const scan = prefix + name;
    for (const stage of STAGES) {
      const inVolume = stage === "ingest" || stage === "downscale";
      for (const key of keysOf(stages?.[stage]?.key)) {
        await list.addResult(stage, key, { by, scan, ...(inVolume && { volume }) });
      }
    }
    const labels = prepared?.labels?.digest;
    if (labels !== undefined) await list.addResult("ingest", labels, { by, scan, volume: labels });
  }
  if (encoder !== undefined) await list.addResult("pretrain", encoder.key, { by });
  if (prefix === "") await addPin(store, list, batch);
  if (outcome !== "running") {
    const message = `The report of ${batch} is not there; \`microtome report ${batch}\` writes one to a file, submitting the batch again another to the store`;
    list.objects.push({ key: keys.report(batch), message });
  }
  const given = spec && (await list.attempt(spec, () => findDocument<ResolvedBatch>(store, spec)));
  const model = given ? given.segment.model : undefined;
  if (model === undefined) return;
  const path = keys.modelName(model);
  const named = await list.attempt(path, () => findDocument<{ key: string }>(store, path));
  if (named) list.targets.push({ path, stage: "segment", key: named.key });
  if (named) await list.addResult("segment", named.key, { by: path });
}

async function addPin(store: ObjectStore, list: PromiseList, batch: string): Promise<void> {
  const path = keys.batchPin(batch);
  const pin = await list.attempt(path, () =>
    findDocument<{ encoder?: EncoderRef; refiner?: { key: string } }>(store, path),
  );
  if (pin?.encoder === undefined) return;
  list.targets.push({ path, stage: "pretrain", key: pin.encoder.key });
  await list.addResult("pretrain", pin.encoder.key, { by: path });
  if (pin.refiner === undefined) return;
  list.targets.push({ path, stage: "refine", key: pin.refiner.key });
  await list.addResult("refine", pin.refiner.key, { by: path });
}

/** The keys of a stage record: one, or one per axis. */
function keysOf(record: string | undefined): readonly string[] {
  return (record ?? "").split(",").filter((key) => /^[0-9a-f]{64}$/.test(key));
}
