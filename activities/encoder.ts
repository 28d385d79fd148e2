import type { ResolvedBatch } from "../schemas/batch.ts";
import { keys } from "../schemas/names.ts";
import type { CampaignSpec, EncoderChoice } from "../schemas/stages.ts";
import type { EncoderRef } from "../schemas/volume.ts";
import { InvalidInput, NotFound } from "../domain/errors.ts";
import type { Calibration } from "../schemas/calibration.ts";
import { readCalibration } from "./calibration/store-calibration.ts";
import { campaignName, pretrainParts, semanticParameters } from "./pretrain-key.ts";
import { canonicalJson, contentKey, sha256 } from "./stage/content-key.ts";
import { findDocument, readDocument } from "./stage/documents.ts";
import { readManifest, toJson } from "./stage/manifests.ts";
import type { StageDeps } from "./stage/run-stage.ts";

/** Which encoder a batch was analysed with, so that retries and resubmissions use it again. */
interface Pin {
  readonly encoder: EncoderRef;
  /** Digest of the pretraining parameters that asked for it. */
  readonly parameters: string;
  /** The scans of the batch that it was pretrained on; none where it came from elsewhere. */
  readonly scans: readonly string[];
  /** What was learned with the encoder from the batch's maps. */
  readonly refiner?: PinnedRefiner;
}

interface PinnedRefiner {
  readonly key: string;
  readonly encoder: string;
  /** Digest of the parameters that asked for it. */
  readonly parameters: string;
  /** The scans of the batch that it saw. */
  readonly scans: readonly string[];
}

interface ChooseInput {
  readonly batch: string;
  readonly spec: string;
  /** The prepared scans and the keys of their views. */
  readonly scans: readonly { readonly scan: string; readonly key: string }[];
  readonly repretrain: boolean;
  /** The calibration that margins are to come from: it holds for one encoder only. */
  readonly calibration?: string;
}

/** How a batch gets its encoder (DESIGN.md §5, *Few scans* and *A batch pins its encoder*). */
export function createEncoderActivities({ store }: Pick<StageDeps, "store">) {
  return {
    async chooseEncoder(input: ChooseInput): Promise<EncoderChoice> {
      const { pretrain, localize, collection } = await readDocument<ResolvedBatch>(
        store,
        input.spec,
      );
      if (localize.method === "energy") {
        return { kind: "none", reason: "The energy localizer was asked for: nothing is learned" };
      }
      const view = pretrain.view;
      const latest = () =>
        findDocument<EncoderRef>(store, keys.latestEncoder(collection, view, "rotation"));

      if (pretrain.from !== undefined) {
        const named =
          pretrain.from === "latest"
            ? await latest()
            : await publishedEncoder(store, pretrain.from);
        if (named === undefined) {
          throw new NotFound(
            `Collection ${collection} has no encoder by rotation for ${view} yet (pretrain.from: latest)`,
          );
        }
        if (!canLocalize(named)) {
          throw new InvalidInput(
            `Encoder ${named.key} was pretrained by ${named.pretext}; localization needs rotation`,
          );
        }
        const calibrated = await calibratedWith(store, input.calibration);
        const refiner =
          calibrated?.encoder?.key === named.key ? calibratedRefiner(calibrated, localize) : {};
        const note = `Encoder ${short(named.key)}, as named`;
        return { kind: "use", encoder: named, ...refiner, note };
      }

      const pin = await findDocument<Pin>(store, keys.batchPin(input.batch));
      const digest = parametersDigest(pretrain);
      if (pin?.parameters === digest && !input.repretrain) {
        const saw = pin.scans.length === 0 ? "made elsewhere" : `it saw ${pin.scans.length} scans`;
        const note = `Encoder ${short(pin.encoder.key)} pinned by this batch (${saw})`;
        return { kind: "use", encoder: pin.encoder, ...pinnedRefiner(pin, localize), note };
      }

      const calibrated = input.repretrain
        ? undefined
        : await calibratedWith(store, input.calibration);
      if (calibrated?.encoder !== undefined && calibrated.asked.pretrain === digest) {
        const { encoder } = calibrated;
        const refiner = calibratedRefiner(calibrated, localize);
        const pinned = refiner.refiner && {
          ...{ key: refiner.refiner, encoder: encoder.key, scans: [] },
          parameters: calibrated.asked.refine,
        };
        const renewed = { ...toPin(encoder, pretrain, []), ...(pinned ? { refiner: pinned } : {}) };
        await store.put(keys.batchPin(input.batch), toJson(renewed satisfies Pin));
        const note = `Encoder ${short(encoder.key)}: the one that collection ${collection} was calibrated with (localize.margin: conformal)`;
        return { kind: "use", encoder, ...refiner, note };
      }

      if (input.scans.length < pretrain.minScans) {
        const few = `${input.scans.length} of at least ${pretrain.minScans} scans to pretrain on`;
        const newest = await latest();
        if (newest === undefined || !canLocalize(newest)) {
          return {
            kind: "none",
            reason: `Only ${few} and no earlier encoder in collection ${collection}: the label-free energy localizer is used`,
          };
        }
        await store.put(keys.batchPin(input.batch), toJson(toPin(newest, pretrain, [])));
        return {
          kind: "use",
          encoder: newest,
          note: `Only ${few}: the newest encoder of collection ${collection} is used (${short(newest.key)})`,
        };
      }

      const parts = pretrainParts(
        pretrain,
        input.scans.map(({ key }) => key),
      );
      const key = contentKey(parts);
      const earlier = await readManifest(store, "pretrain", key);
      if (earlier !== undefined) {
        const { state, encoder } = earlier.result as { state: string; encoder?: EncoderRef };
        if (encoder === undefined) {
          return {
            kind: "none",
            reason: `Pretraining on these scans ended in state ${state} before: the label-free energy localizer is used`,
          };
        }
        const seen = input.scans.map(({ scan }) => scan);
        await store.put(keys.batchPin(input.batch), toJson(toPin(encoder, pretrain, seen)));
        return {
          kind: "use",
          encoder,
          note: `Encoder ${short(key)}, pretrained before on the same scans with the same parameters`,
        };
      }

      const campaign = campaignName(input.batch, key);
      await store.put(
        keys.campaignSpec(campaign),
        toJson({
          campaign,
          key,
          collection,
          parameters: pretrain,
          views: input.scans.map(({ scan, key }) => ({ scan, key })),
        } satisfies CampaignSpec),
      );
      return {
        kind: "train",
        campaign,
        steps: pretrain.steps,
        note: `Pretraining on ${input.scans.length} scans: ${pretrain.pretext} in ${pretrain.view}, ${pretrain.steps} steps`,
      };
    },

    async pinEncoder(input: {
      readonly batch: string;
      readonly spec: string;
      readonly encoder: EncoderRef;
      readonly scans: readonly string[];
    }): Promise<void> {
      const { pretrain } = await readDocument<ResolvedBatch>(store, input.spec);
      const pin = toPin(input.encoder, pretrain, input.scans);
      await store.put(keys.batchPin(input.batch), toJson(pin));
    },

    /** Pin what was learned from the batch's maps, beside the encoder that made them. */
    async pinRefiner(input: {
      readonly batch: string;
      readonly spec: string;
      readonly encoder: EncoderRef;
      readonly refiner: string;
      readonly scans: readonly string[];
    }): Promise<void> {
      const { pretrain, localize } = await readDocument<ResolvedBatch>(store, input.spec);
      const path = keys.batchPin(input.batch);
      const pin = (await findDocument<Pin>(store, path)) ?? toPin(input.encoder, pretrain, []);
      const refiner: PinnedRefiner = {
        ...{ key: input.refiner, encoder: input.encoder.key, scans: input.scans },
        parameters: refinerDigest(localize),
      };
      await store.put(path, toJson({ ...pin, refiner } satisfies Pin));
    },
  };
}

async function calibratedWith(
  store: StageDeps["store"],
  key: string | undefined,
): Promise<Calibration | undefined> {
  return key === undefined ? undefined : readCalibration(store, key);
}

/** The refinement network that a calibration holds for, where it is what is asked for now. */
function calibratedRefiner(
  { refiner, asked }: Calibration,
  localize: ResolvedBatch["localize"],
): { readonly refiner?: string } {
  const fits = localize.refine && asked.refine === refinerDigest(localize);
  return fits && refiner !== undefined ? { refiner } : {};
}

/** An encoder by its key; `undefined` is never a silent answer for a key somebody named. */
async function publishedEncoder(store: StageDeps["store"], key: string): Promise<EncoderRef> {
  const manifest = /^[0-9a-f]{64}$/.test(key)
    ? await readManifest(store, "pretrain", key)
    : undefined;
  const encoder = manifest?.result["encoder"] as EncoderRef | undefined;
  if (encoder === undefined) throw new NotFound(`There is no encoder ${key}`);
  return encoder;
}

function toPin(
  encoder: EncoderRef,
  pretrain: ResolvedBatch["pretrain"],
  scans: readonly string[],
): Pin {
  return { encoder, parameters: parametersDigest(pretrain), scans };
}

/** The pinned refinement network, where it goes with the encoder and with what is asked for now. */
function pinnedRefiner(
  { encoder, refiner }: Pin,
  localize: ResolvedBatch["localize"],
): { readonly refiner?: string } {
  if (!localize.refine || refiner === undefined) return {};
  const fits = refiner.encoder === encoder.key && refiner.parameters === refinerDigest(localize);
  return fits ? { refiner: refiner.key } : {};
}

/** What asked for a refinement network, as one name. */
export function refinerDigest({ refineSteps, stride }: ResolvedBatch["localize"]): string {
  return sha256(canonicalJson({ refineSteps, stride }));
}

function canLocalize({ pretext }: EncoderRef): boolean {
  return pretext === "rotation";
}

/** What asked for an encoder, as one name. */
export function parametersDigest(pretrain: ResolvedBatch["pretrain"]): string {
  return sha256(canonicalJson(semanticParameters(pretrain)));
}

function short(key: string): string {
  return key.slice(0, 12);
}
