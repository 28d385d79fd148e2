/** The names that different processes must agree on: queues, workflow ids, store keys. */

export const QUEUES = {
  workflows: "microtome",
  cpu: "microtome-cpu",
  gpu: "microtome-gpu",
} as const;

export const STAGES = [
  "ingest",
  "downscale",
  "suppress",
  "pretrain",
  "localize",
  "refine",
  "reconcile",
  "crop",
  "segment",
] as const;

/** One step of the pipeline: a pure function of its inputs and parameters. */
export type Stage = (typeof STAGES)[number];

export const workflowIds = {
  batch: (batch: string) => `batch/${batch}`,
  prepare: (batch: string, scan: string) => `prepare/${batch}/${scan}`,
  localize: (batch: string, scan: string) => `localize/${batch}/${scan}`,
  analyse: (batch: string, scan: string) => `analyse/${batch}/${scan}`,
  campaign: (campaign: string) => `campaign/${campaign}`,
  segment: (model: string) => `segment/${model}`,
} as const;

export const keys = {
  volume: (digest: string) => `volumes/${digest}.zarr`,
  /** The coarser levels that ingest wrote beside level 0. */
  pyramidRecord: (digest: string) => `volumes/${digest}.zarr/pyramid.json`,
  crop: (key: string) => `crops/${key}.zarr`,
  cropRecord: (key: string) => `crops/${key}.zarr/crop.json`,
  stage: (stage: Stage, key: string) => `stages/${stage}/${key}`,
  manifest: (stage: Stage, key: string) => `stages/${stage}/${key}/manifest.json`,
  encoder: (key: string) => `encoders/${key}`,
  /** A network that tells specimen from background, learned from the maps of a batch. */
  refiner: (key: string) => `refiners/${key}`,
  model: (key: string) => `models/${key}`,
  /** The pointer from a model's name to its newest key. */
  modelName: (model: string) => `models/names/${model}.json`,
  /** What a model was asked to be, by the digest of its specification. */
  modelSpec: (model: string, digest: string) => `models/specs/${model}/${digest}.json`,
  /** The labels that a segment stage gave a crop. */
  labels: (key: string) => `stages/segment/${key}/labels.zarr`,
  checkpoints: (campaign: string) => `campaigns/${campaign}/checkpoints`,
  /** How a campaign was begun anew after a plateau, counted from 1. */
  campaignRestart: (campaign: string, key: string, number: number) =>
    `campaigns/${campaign}/restarts/${key.slice(0, 12)}/${number}.json`,
  /** The encoder that did best on what is held out up to a step, while the campaign runs. */
  campaignBest: (campaign: string, key: string, step: number) =>
    `campaigns/${campaign}/best/${key.slice(0, 12)}/${step}.bin`,
  campaignSpec: (campaign: string) => `campaigns/${campaign}/spec.json`,
  /** The pointer to a collection's newest encoder for a view; of one pretext, where it is named. */
  latestEncoder: (collection: string, view: string, pretext?: string) =>
    `encoders/latest/${collection}.${view}${pretext === undefined ? "" : `.${pretext}`}.json`,
  /** How well a localizer finds a collection's specimens, by the digest of the document. */
  calibration: (digest: string) => `calibrations/${digest}.json`,
  /** The pointer to a collection's newest calibration. */
  latestCalibration: (collection: string) => `calibrations/latest/${collection}.json`,
  batchSpec: (batch: string, digest: string) => `batches/${batch}/spec/${digest}.json`,
  batchTruth: (batch: string) => `batches/${batch}/truth.json`,
  batchPin: (batch: string) => `batches/${batch}/pin.json`,
  /** The pointer to the calibration that a batch's margins come from. */
  batchCalibration: (batch: string) => `batches/${batch}/calibration.json`,
  batchResult: (batch: string) => `batches/${batch}/result.json`,
  report: (batch: string) => `batches/${batch}/report/index.html`,
  quarantineRecord: (digest: string) => `quarantine/${digest}/record.json`,
  /** A volume that was moved aside; OME-Zarr as it stands. */
  quarantinedVolume: (digest: string) => `quarantine/${digest}/volume.zarr`,
  /** A manifest that was moved aside with the volume that it speaks of. */
  quarantinedManifest: (digest: string, stage: Stage, key: string) =>
    `quarantine/${digest}/manifests/${stage}/${key}.json`,
  /** Where `verify --repair` puts what is damaged. */
  damaged: (key: string) => `quarantine/damaged/${key}`,
} as const;
