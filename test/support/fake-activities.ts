import { ApplicationFailure } from "@temporalio/activity";
import type { Activities } from "../../activities/index.ts";
import type { BatchStatus } from "../../schemas/result.ts";
import type { StageResult } from "../../schemas/stages.ts";

const hex = (text: string) => Buffer.from(text).toString("hex").padEnd(64, "0").slice(0, 64);

/** What the fakes were asked, and what the batch's store would hold. */
export interface FakeWorld {
  readonly calls: string[];
  /** Scans whose ingest fails, and how. */
  readonly broken: Map<string, ApplicationFailure>;
  saved: BatchStatus | undefined;
  pinned: boolean;
  /** Pinned beside the encoder. */
  refiner: string | undefined;
  /** From how many scans on a refinement is learned; absent: never. */
  refineFrom?: number;
  /** Resolves when ingest of this scan may go on; absent: at once. */
  readonly gates: Map<string, Promise<void>>;
}

export function createFakeWorld(): FakeWorld {
  return {
    calls: [],
    broken: new Map(),
    saved: undefined,
    pinned: false,
    refiner: undefined,
    gates: new Map(),
  };
}

/** Activities that compute nothing: for tests of who calls what, in which order, after which failure. */
export function createFakeActivities(
  world: FakeWorld,
  scans: readonly string[],
  overrides: Partial<Activities> = {},
): Activities {
  const done = <R>(name: string, result: R): StageResult<R> => {
    world.calls.push(name);
    return { key: hex(name), reused: false, seconds: 1, result };
  };
  const encoder = {
    key: hex("encoder"),
    view: "windows",
    pretext: "rotation",
    encoder: "window-net",
  } as const;
  return {
    readBatch: async ({ resume }) => ({
      scans: scans.map((scan) => ({ scan, withLabels: false })),
      ...(world.refineFrom === undefined ? {} : { refineFrom: world.refineFrom }),
      ...(resume && world.saved !== undefined ? { earlier: world.saved } : {}),
    }),
    saveBatch: async (status) => {
      world.saved = status;
    },
    checkLabels: async () => {},
    ingest: async ({ scan }) => {
      await world.gates.get(scan);
      const failure = world.broken.get(scan);
      if (failure !== undefined) throw failure;
      return done(`ingest ${scan}`, {
        digest: hex(scan),
        shape: [10, 20, 30] as [number, number, number],
        dtype: "uint16" as const,
        voxelSizeUm: [1, 1, 1] as [number, number, number],
      });
    },
    downscale: async ({ scan }) =>
      done(`downscale ${scan}`, { shapes: [[10, 20, 30]], bytes: 100, level0Bytes: 100 }),
    suppress: async ({ scan }) =>
      done(`suppress ${scan}`, {
        key: hex(`view ${scan}`),
        level: 0,
        bin: 2,
        shape: [5, 10, 15] as [number, number, number],
        container: "none",
      }),
    chooseEncoder: async ({ scans: prepared }) => {
      world.calls.push(`choose ${prepared.map(({ scan }) => scan).join("+")}`);
      return world.pinned
        ? {
            ...{ kind: "use", encoder, note: "pinned" },
            ...(world.refiner === undefined ? {} : { refiner: world.refiner }),
          }
        : { kind: "train", campaign: "c1", steps: 100, note: "training" };
    },
    pinEncoder: async () => {
      world.pinned = true;
    },
    pinRefiner: async ({ refiner }) => {
      world.refiner = refiner;
    },
    chooseCalibration: async () => ({}),
    pretrainRound: async () => {
      world.calls.push("round");
      const rounds = world.calls.filter((call) => call === "round").length;
      return rounds < 2
        ? { step: 50, loss: 1.5, state: "running" }
        : { step: 100, loss: 1, state: "finished", encoder };
    },
    publishEncoder: async () => ({ step: 50, loss: 1.5, state: "finished", encoder }),
    localizeAxis: async ({ scan, axis }) =>
      done(`localize ${scan} ${axis}`, { axis, range: [0.1, 0.9] as const }),
    refine: async ({ scans }) =>
      done(`refine ${scans.map(({ scan }) => scan).join("+")}`, {
        refiner: hex("refiner"),
        scans: scans.length,
        lookedAt: scans.length,
        loss: 0.2,
        certainty: 0.9,
      }),
    localizeRefined: async ({ scan, axis }) =>
      done(`refined ${scan} ${axis}`, { axis, range: [0.1, 0.9] as const }),
    reconcile: async ({ scan, byHand, refined }) =>
      done(`reconcile ${scan}${refined === undefined ? "" : " refined"}`, {
        outcome: "cropped" as const,
        box:
          byHand ??
          ([
            [2, 8],
            [4, 16],
            [6, 24],
          ] as const),
        margin: [
          [1, 1],
          [1, 1],
          [2, 2],
        ] as const,
        confidence: 0.9,
        reasons: [],
        touchesBorder: false,
        candidates: {},
      }),
    crop: async ({ scan }) =>
      done(`crop ${scan}`, {
        crop: hex(`crop ${scan}`),
        shape: [8, 14, 22] as const,
        keptFraction: 0.4,
        bytes: 50,
        level0Bytes: 40,
        objects: 3,
      }),
    writeReport: async () => {
      world.calls.push("report");
      return { report: "report" };
    },
    retain: async ({ batch }) => {
      world.calls.push(`retain ${batch}`);
      return { scans: [] };
    },
    resolveSegmentation: async () => ({ spec: "spec", key: hex("model") }),
    trainSegmentation: async () =>
      done("train model", {
        model: hex("model"),
        classes: [0, 1],
        iou: { "1": 0.8 },
        meanIou: 0.8,
        validationScans: ["B"],
        trainingScans: ["A"],
      }),
    publishModel: async ({ model }) => {
      world.calls.push(`publish ${model}`);
    },
    applySegmentation: async ({ scan }) =>
      done(`segment ${scan}`, { labels: hex(`labels ${scan}`), voxels: {} }),
    ...overrides,
  };
}

export function corrupt(message: string): ApplicationFailure {
  return ApplicationFailure.create({ type: "CorruptData", message, nonRetryable: true });
}
