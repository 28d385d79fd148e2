import type { FromSchema, JSONSchema } from "json-schema-to-ts";
import { type Retention, retentionParameters } from "./retention.ts";
import { box, dtype, identifier, zyxCount, zyxMicrometres } from "./shape.ts";

/** One scan as the user hands it over. */
export const scanSpec = {
  type: "object",
  required: ["source"],
  additionalProperties: false,
  properties: {
    id: identifier,
    source: {
      type: "string",
      minLength: 1,
      description:
        "A folder of slices, a glob, or a file: TIFF (OME, ImageJ and BigTIFF too), NIfTI, NRRD, MetaImage, HDF5 or NeXus, OME-Zarr (0.4, 0.5) or raw. A path relative to the batch file, file:// or s3://bucket/key.",
    },
    dataset: {
      type: "string",
      description:
        "The dataset inside a container file, as in /entry/data/data (HDF5, NeXus; default: what the file names as its own), or the array or image inside a Zarr group.",
    },
    voxelSizeUm: {
      ...zyxMicrometres,
      description:
        "Micrometres per voxel along z, y, x, where the file does not say; default: what the file says, else 1. A file that says otherwise is an error, unless voxelSizeOverrides.",
    },
    voxelSizeOverrides: {
      type: "boolean",
      default: false,
      description: "The file's voxel size is wrong: take voxelSizeUm instead.",
    },
    raw: {
      type: "object",
      description: "How to read a headerless file.",
      required: ["shape", "dtype"],
      additionalProperties: false,
      properties: {
        shape: zyxCount,
        dtype,
        endian: {
          type: "string",
          enum: ["little", "big"],
          default: "little",
          description: "Byte order of voxels of more than one byte.",
        },
        headerBytes: {
          type: "integer",
          minimum: 0,
          default: 0,
          description: "Bytes to skip at the start.",
        },
      },
    },
    allowMissingSlices: {
      type: "boolean",
      default: false,
      description: "Accept a gap in the numbering of slices instead of failing the scan.",
    },
    box: { ...box, description: "The box by hand: localization is skipped for this scan." },
    labels: {
      type: "string",
      minLength: 1,
      description: "A label volume of the same shape, for segmentation.",
    },
    labelsDataset: {
      type: "string",
      description: "The dataset inside the labels' file, as `dataset` is for the scan.",
    },
    truth: {
      type: "object",
      description: "Known truth, for scoring only: never in a key, never seen by what learns.",
      additionalProperties: false,
      properties: {
        box,
        mask: { type: "string", minLength: 1, description: "A volume, nonzero in the specimen." },
      },
    },
    metadata: {
      type: "object",
      description: "Anything to record: beamtime, energy, specimen.",
    },
  },
} as const satisfies JSONSchema;

export const downscaleParameters = {
  type: "object",
  additionalProperties: false,
  default: {},
  properties: {
    targetSize: {
      type: "integer",
      minimum: 32,
      maximum: 512,
      default: 128,
      description: "Voxels of the longest axis at the level where localization works.",
    },
  },
} as const satisfies JSONSchema;

export const containerParameters = {
  type: "object",
  additionalProperties: false,
  default: {},
  properties: {
    suppress: {
      type: "string",
      enum: ["auto", "none"],
      default: "auto",
      description:
        "auto: find what holds the specimen (tube, square tube, bed, ...) and mask it, or say why there is none. none: the scan shows no container.",
    },
  },
} as const satisfies JSONSchema;

export const pretrainParameters = {
  type: "object",
  additionalProperties: false,
  default: {},
  properties: {
    view: {
      type: "string",
      enum: ["windows", "slices"],
      description:
        "windows (for localization; the default) or whole slices (the paper's; the default when localize.method is rotation).",
    },
    pretext: {
      type: "string",
      enum: ["rotation", "sorting", "simclr", "mocov3"],
      default: "rotation",
      description:
        "The self-supervised task: the paper's two, or the contrastive ones that it compares with. Only rotation localizes.",
    },
    encoder: {
      type: "string",
      enum: ["window-net", "resnet18", "resnet34", "resnet50", "resnet152"],
      description: "Default: window-net for windows, resnet18 for slices.",
    },
    width: {
      type: "integer",
      minimum: 4,
      maximum: 128,
      description:
        "Channels of the first stage; default 24 for window-net, 16 for a ResNet (the published one has 64).",
    },
    steps: {
      type: "integer",
      minimum: 1,
      maximum: 10000000,
      default: 1200,
      description: "Optimizer steps.",
    },
    batchSize: {
      type: "integer",
      minimum: 2,
      maximum: 4096,
      description:
        "Pairs (rotation), slices of one volume (sorting), or slices of which two views are made (simclr, mocov3), per batch; default 96 windows, 12 sorted slices, else 32.",
    },
    rate: {
      type: "number",
      exclusiveMinimum: 0,
      maximum: 1,
      default: 0.001,
      description: "Peak learning rate of Adam, after the warm-up.",
    },
    warmup: {
      type: "integer",
      minimum: 0,
      default: 100,
      description: "Steps of linear warm-up, before the cosine decay.",
    },
    seed: {
      type: "integer",
      minimum: 0,
      maximum: 4294967295,
      default: 0,
      description: "Of weights, samples and augmentation: the same seed, the same encoder.",
    },
    windowSize: {
      type: "integer",
      minimum: 8,
      maximum: 64,
      default: 20,
      description: "Diameter of a window in voxels of the binned view.",
    },
    imageSize: {
      type: "integer",
      minimum: 16,
      maximum: 1024,
      default: 64,
      description: "Side of a whole slice as the network sees it, in pixels.",
    },
    twinRange: {
      type: "number",
      minimum: 0,
      maximum: 0.5,
      description:
        "How far apart the two slices of a pair may be, as a share of the axis (whole slices only); default 0.05 for rotation, 0 for simclr and mocov3: two views of one slice.",
    },
    flipInvariant: {
      type: "boolean",
      default: false,
      description:
        "Sorting: specimens may be mounted either way up; the loss takes the better of the two orders.",
    },
    margin: {
      type: "number",
      minimum: 0,
      maximum: 100,
      default: 0.2,
      description: "Sorting: how far apart the scores of two slices should at least be.",
    },
    normaliseScores: {
      type: "boolean",
      default: false,
      description:
        "Sorting: scores are brought to mean 0 and variance 1 before the loss; for up to 17 slices a batch.",
    },
    distribution: {
      type: "object",
      required: ["kind"],
      additionalProperties: false,
      default: { kind: "uniform" },
      description: "Sorting: which slices of a scan a batch is made of.",
      properties: {
        kind: {
          type: "string",
          enum: ["uniform", "withReplacement", "generalizedGaussian"],
          description:
            "Any slice and none twice; any slice; or more often near one place of the axis.",
        },
        mu: {
          type: "number",
          minimum: 0,
          maximum: 1,
          description: "generalizedGaussian: that place, as a share of the axis; default 0.5.",
        },
        alpha: {
          type: "number",
          minimum: 0.01,
          maximum: 10,
          description:
            "generalizedGaussian: how far from there slices come, as a share of the axis; default 0.4.",
        },
        beta: {
          type: "number",
          minimum: 0.5,
          maximum: 64,
          description: "generalizedGaussian: 2 is a Gaussian, large is a box; default 4.",
        },
      },
    },
    sortWithin: {
      type: "string",
      enum: ["all", "specimen"],
      default: "all",
      description:
        "Sorting: from all slices, or from those between which the label-free energy localizer sees the specimen. Where ends are empty, all slices are sorted by the container.",
    },
    augmentation: {
      type: "string",
      enum: ["none", "light", "medium", "strong", "contrastive"],
      description:
        "What happens to the slices of all pretexts but rotation; default light for sorting, else contrastive.",
    },
    dropouts: {
      type: "array",
      maxItems: 4,
      default: [],
      items: { type: "number", minimum: 0, exclusiveMaximum: 1 },
      description:
        "ResNets, sorting: share of channels that each stage loses in training; the authors localize with 0.5, 0.5, 0.5, 0.",
    },
    temperature: {
      type: "number",
      minimum: 0.001,
      maximum: 100,
      description:
        "simclr and mocov3: cosines are divided by it; default 0.07 for simclr, 0.2 for mocov3.",
    },
    encoderMomentum: {
      type: "number",
      minimum: 0,
      maximum: 1,
      default: 0.99,
      description: "mocov3: how much of the momentum encoder stays in a step, at first.",
    },
    optimizer: {
      type: "string",
      enum: ["adam", "adamw", "sgd", "lars"],
      default: "adam",
      description: "How gradients move the weights.",
    },
    weightDecay: {
      type: "number",
      minimum: 0,
      maximum: 1,
      default: 0,
      description:
        "Pull of weights towards zero per unit of rate; biases and batch norm are left alone.",
    },
    momentum: {
      type: "number",
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0.9,
      description: "Of SGD and LARS.",
    },
    decay: {
      type: "string",
      enum: ["cosine", "poly", "constant"],
      default: "cosine",
      description: "How the rate falls after the warm-up.",
    },
    clipNorm: {
      type: "number",
      minimum: 0,
      default: 5,
      description: "Gradients together longer than this are scaled down to it; 0: never.",
    },
    accumulate: {
      type: "integer",
      minimum: 1,
      maximum: 4096,
      default: 1,
      description: "Batches per step, whose gradients are averaged; computed one after the other.",
    },
    ema: {
      type: "number",
      minimum: 0,
      exclusiveMaximum: 1,
      default: 0,
      description:
        "Publish a moving average of the weights, of which this share stays per step; 0: the weights.",
    },
    validation: {
      type: "number",
      minimum: 0,
      maximum: 0.9,
      default: 0,
      description:
        "Share of the scans that is not trained on but measured on, at least one; the encoder that does best on them is published.",
    },
    validateEvery: {
      type: "integer",
      minimum: 1,
      default: 100,
      description: "Steps between these measurements.",
    },
    patience: {
      type: "integer",
      minimum: 0,
      default: 0,
      description: "Stop after this many measurements that were no better than the best; 0: never.",
    },
    curriculum: {
      type: "array",
      maxItems: 8,
      default: [],
      description: "Easier tasks first: phases, after which comes the full task.",
      items: {
        type: "object",
        required: ["until"],
        additionalProperties: false,
        properties: {
          until: {
            type: "number",
            exclusiveMinimum: 0,
            exclusiveMaximum: 1,
            description: "The phase ends at this share of the steps.",
          },
          angles: {
            type: "array",
            minItems: 2,
            uniqueItems: true,
            items: { type: "integer", enum: [-90, -60, -30, 0, 30, 60, 90] },
            description: "Rotation: only these angles, in degrees; default all.",
          },
          smooth: {
            type: "number",
            minimum: 0,
            maximum: 8,
            description: "Views are smoothed by a Gaussian of this standard deviation, in voxels.",
          },
          views: {
            type: "number",
            exclusiveMinimum: 0,
            maximum: 1,
            description: "Share of the scans, those with the most structure in their noise.",
          },
        },
      },
    },
    checkpointEvery: {
      type: "integer",
      minimum: 1,
      default: 50,
      description: "Steps between checkpoints; what a killed worker loses at most.",
    },
    minScans: {
      type: "integer",
      minimum: 1,
      default: 4,
      description:
        "With fewer scans and no encoder named, the collection's newest encoder or the energy localizer is used.",
    },
    from: {
      type: "string",
      minLength: 1,
      description: "Use this encoder (its key, or `latest`) instead of pretraining one.",
    },
  },
} as const satisfies JSONSchema;

export const localizeParameters = {
  type: "object",
  additionalProperties: false,
  default: {},
  properties: {
    method: {
      type: "string",
      enum: ["windows", "rotation", "energy"],
      default: "windows",
      description:
        "windows: window-wise rotation certainty. rotation: the paper's whole-slice score. energy: label-free local energy, no learning.",
    },
    stride: {
      type: "integer",
      minimum: 1,
      maximum: 16,
      default: 4,
      description: "Distance between windows in voxels of the binned view.",
    },
    refine: {
      type: "boolean",
      default: true,
      description:
        "windows: learn a small network from the confident parts of all maps of the batch, which finds the specimen voxel by voxel; with fewer scans than pretrain.minScans there is none.",
    },
    refineSteps: {
      type: "integer",
      minimum: 1,
      maximum: 100000,
      default: 250,
      description: "Optimizer steps of that network.",
    },
    score: {
      type: "string",
      enum: ["tta", "p0"],
      default: "tta",
      description: "Which whole-slice score makes the profile (method rotation).",
    },
    threshold: {
      type: "string",
      enum: ["otsu", "midpoint"],
      default: "otsu",
      description: "How the threshold of a certainty profile is found.",
    },
    margin: {
      anyOf: [{ type: "number", minimum: 0, maximum: 0.5 }, { const: "conformal" }],
      default: 0.04,
      description:
        "Added to each face, as a share of the axis; conformal: from what `microtome calibrate` measured in the collection, wide (8 %) where there is no calibration that fits.",
    },
    risk: {
      type: "number",
      exclusiveMinimum: 0,
      exclusiveMaximum: 1,
      default: 0.1,
      description:
        "margin conformal: how often a crop may cut its specimen; 0.1 needs 9 scans with known truth, 0.05 needs 19.",
    },
    minConfidence: {
      type: "number",
      minimum: 0,
      maximum: 1,
      default: 0.25,
      description: "Below this the scan is kept whole.",
    },
  },
} as const satisfies JSONSchema;

export const cropParameters = {
  type: "object",
  additionalProperties: false,
  default: {},
  properties: {
    format: {
      type: "string",
      enum: ["ome-zarr"],
      default: "ome-zarr",
      description: "How crops are stored; `microtome export` gives them out in other formats.",
    },
    uniform: {
      type: "boolean",
      default: false,
      description: "One shape for the whole batch: not built yet, refused when true.",
    },
  },
} as const satisfies JSONSchema;

export const segmentParameters = {
  type: "object",
  additionalProperties: false,
  default: {},
  properties: {
    model: {
      ...identifier,
      description: "Apply this segmentation model to every crop.",
    },
  },
} as const satisfies JSONSchema;

/** What the user asks for: tonight's scans and how to treat them. */
export const batchSpec = {
  $id: "batch",
  type: "object",
  required: ["batch", "scans"],
  additionalProperties: false,
  properties: {
    batch: identifier,
    collection: {
      ...identifier,
      default: "default",
      description:
        "Scans that look alike share a collection; its newest encoder serves small batches.",
    },
    scans: {
      type: "array",
      items: scanSpec,
      minItems: 1,
      maxItems: 5000,
      description: "The scans, at least one.",
    },
    downscale: downscaleParameters,
    container: containerParameters,
    pretrain: pretrainParameters,
    localize: localizeParameters,
    crop: cropParameters,
    segment: segmentParameters,
    retention: retentionParameters,
  },
} as const satisfies JSONSchema;

export type BatchSpec = FromSchema<typeof batchSpec>;
export type ScanSpec = FromSchema<typeof scanSpec>;
export type PretrainParameters = Required<Omit<FromSchema<typeof pretrainParameters>, "from">> & {
  from?: string;
};
export type LocalizeParameters = Required<FromSchema<typeof localizeParameters>>;

/** A batch with every default spelled out, every source absolute, and the truth taken away. */
export interface ResolvedBatch {
  readonly batch: string;
  readonly collection: string;
  readonly scans: readonly ResolvedScan[];
  readonly downscale: { readonly targetSize: number };
  readonly container: { readonly suppress: "auto" | "none" };
  readonly pretrain: PretrainParameters;
  readonly localize: LocalizeParameters;
  readonly segment: { readonly model?: string };
  /** Absent: everything is kept. */
  readonly retention?: Retention;
}

export type ResolvedScan = Omit<ScanSpec, "truth" | "id"> & { readonly id: string };

/** Truth of a batch's scans, kept apart from everything that learns. */
export type BatchTruth = Readonly<Record<string, NonNullable<ScanSpec["truth"]>>>;
