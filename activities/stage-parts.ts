import type { Box } from "../domain/volumes/shape.ts";
import type { LocalizeParameters, ResolvedBatch } from "../schemas/batch.ts";
import type { KeyParts } from "../schemas/manifest.ts";
import type { ReconcileInput } from "../schemas/stages.ts";
import type { EncoderRef } from "../schemas/volume.ts";
import type { Fingerprint } from "./jobs/fingerprint.ts";
import type { SourceSpec } from "./sources/source.ts";

/**
 * What every stage's key is the digest of. Activities name their results by these, and `plan` asks
 * with the same whether a result is there.
 */

/** Raised when equal parts would give another result. */
const VERSIONS = {
  ingest: 4,
  downscale: 2,
  suppress: 2,
  localize: 1,
  refine: 1,
  reconcile: 2,
  crop: 4,
  segment: 1,
} as const;

/** @param fingerprint of the source's bytes: a repaired file is another input, a moved one is not */
export function ingestParts(
  source: SourceSpec,
  fingerprint: Fingerprint,
  labels: boolean,
): KeyParts {
  return {
    stage: "ingest",
    version: VERSIONS.ingest,
    parameters: {
      format: fingerprint.format,
      voxelSizeUm: source.voxelSizeUm ?? null,
      ...(source.voxelSizeOverrides === true ? { voxelSizeOverrides: true } : {}),
      dataset: source.dataset ?? null,
      raw: source.raw ?? null,
      // The levels beside it are made in another way, so that the same file is two volumes.
      ...(labels ? { labels: true } : {}),
    },
    inputs: { source: fingerprint.digest },
  };
}

/** @param volume digest of the volume */
export function downscaleParts(volume: string, mode: "mean" | "mode"): KeyParts {
  return {
    stage: "downscale",
    version: VERSIONS.downscale,
    parameters: { mode },
    inputs: { volume },
  };
}

/** @param level of the pyramid, where localization works */
export function suppressParts(
  volume: string,
  level: number,
  container: ResolvedBatch["container"]["suppress"],
): KeyParts {
  return {
    stage: "suppress",
    version: VERSIONS.suppress,
    parameters: { level, container },
    inputs: { volume },
  };
}

/** @param view key of the view */
export function localizeParts(
  view: string,
  encoder: Pick<EncoderRef, "key" | "view">,
  axis: number,
  { stride, score }: LocalizeParameters,
): KeyParts & {
  readonly parameters: { readonly axis: number } & Partial<
    Pick<LocalizeParameters, "stride" | "score">
  >;
} {
  return {
    stage: "localize",
    version: VERSIONS.localize,
    parameters: encoder.view === "windows" ? { axis, stride } : { axis, score },
    inputs: { view, encoder: encoder.key },
  };
}

/** What a refinement network says of a view along one axis. */
export function refinedParts(view: string, refiner: string, axis: number): KeyParts {
  return {
    stage: "refine",
    version: VERSIONS.refine,
    parameters: { axis },
    inputs: { view, refiner },
  };
}

/** A refinement network, by the scans it learns from, in order. */
export function refineParts(
  used: readonly {
    readonly view: { readonly key: string };
    readonly profiles: readonly string[];
  }[],
  parameters: { readonly steps: number; readonly seed: number },
): KeyParts {
  return {
    stage: "refine",
    version: VERSIONS.refine,
    parameters,
    inputs: {
      views: used.map(({ view }) => view.key),
      profiles: used.flatMap(({ profiles }) => profiles),
    },
  };
}

/** More scans teach no more, and all of them are in memory at once. */
const MOST = 64;

/** The scans that a refinement is learned from, evenly chosen; by key, for the order in which scans are ready is chance. */
export function refineScans<S extends { readonly view: { readonly key: string } }>(
  scans: readonly S[],
): S[] {
  const sorted = scans.toSorted((a, b) => (a.view.key < b.view.key ? -1 : 1));
  const place = (i: number) => Math.floor((i * MOST) / sorted.length);
  return sorted.filter((_, i) => place(i) !== place(i - 1));
}

/** The decision about one scan. */
export function reconcileParts(
  {
    volume,
    view,
    profiles,
    refined,
    byHand,
    calibration,
  }: {
    readonly volume: string;
    readonly view: string;
    readonly profiles: readonly string[];
    readonly refined?: readonly string[] | undefined;
    readonly byHand?: ReconcileInput["byHand"];
    readonly calibration?: string | undefined;
  },
  method: LocalizeParameters["method"],
  { threshold, score, margin, risk, minConfidence }: LocalizeParameters,
): KeyParts {
  const conformal = margin === "conformal" && byHand === undefined;
  return {
    stage: "reconcile",
    version: VERSIONS.reconcile,
    parameters: {
      ...{ method, threshold, score, margin, minConfidence, byHand: byHand ?? null },
      ...(conformal ? { risk } : {}),
    },
    inputs: {
      ...{ volume, view, profiles: [...profiles] },
      ...(refined === undefined ? {} : { refined: [...refined] }),
      ...(conformal && calibration !== undefined ? { calibration } : {}),
    },
  };
}

/**
 * @param volume digest of the volume
 * @param about the decision and the encoder: the crop's record names them, so that they are part of
 *   the name, and equal keys have equal bytes
 */
export function cropParts(
  volume: string,
  { box, margin }: { readonly box: Box; readonly margin: Box },
  { reconcile, encoder }: { readonly reconcile: string; readonly encoder?: string | undefined },
): KeyParts {
  return {
    stage: "crop",
    version: VERSIONS.crop,
    parameters: { box, margin },
    inputs: { volume, reconcile, encoder: encoder ?? "none" },
  };
}

/** A segmentation model's labels for a crop. */
export function segmentParts(crop: string, model: string): KeyParts {
  return {
    stage: "segment",
    version: VERSIONS.segment,
    parameters: { apply: true },
    inputs: { crop, model },
  };
}
