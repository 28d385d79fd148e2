import type { Pretext } from "../../domain/pretexts/create-pretext.ts";
import { bestValidation } from "../../domain/training/fit-state.ts";
import type { LossCurve, ShortcutReport } from "../../schemas/campaign.ts";
import type { Output } from "../../schemas/manifest.ts";
import { keys } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { toJson } from "../stage/manifests.ts";
import { putObject } from "../volumes/put-object.ts";

export interface PublishOptions {
  readonly key: string;
  /** Where training kept the encoder of a step that did best. */
  readonly bestKey: (step: number) => string;
  readonly shortcut?: ShortcutReport;
}

/**
 * Store the encoder, its learning curve, and what it is, for people. Where scans were held out, the
 * encoder is the one that did best on them, and the last one lies beside it.
 */
export async function publishEncoder(
  store: ObjectStore,
  pretext: Pretext,
  { key, bestKey, shortcut }: PublishOptions,
): Promise<Output[]> {
  const { step, history, validations } = pretext.progress();
  const prefix = keys.encoder(key);
  const last = await pretext.encoder();
  const best = bestValidation(validations);
  const kept =
    best === undefined || best.step === step ? undefined : await store.get(bestKey(best.step));
  const curve: LossCurve = {
    steps: history.steps,
    loss: history.loss,
    ...(pretext.config.pretext === "sorting"
      ? { displacement: history.metric }
      : { accuracy: history.metric }),
    ...(validations.length === 0 ? {} : { validations }),
  };
  const about = {
    step: kept === undefined ? step : best!.step,
    lastStep: step,
    config: pretext.config,
  };
  return [
    await putObject(store, `${prefix}/encoder.bin`, kept ?? last),
    ...(kept === undefined ? [] : [await putObject(store, `${prefix}/last.bin`, last)]),
    await putObject(store, `${prefix}/encoder.json`, toJson(about)),
    await putObject(store, `${prefix}/curve.json`, toJson(curve)),
    ...(shortcut === undefined
      ? []
      : [await putObject(store, `${prefix}/shortcut.json`, toJson(shortcut))]),
  ];
}
