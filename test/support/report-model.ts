import { maxProjections, toDataUri } from "../../activities/report/projection.ts";
import type { ReportImage, ReportModel, ReportScan } from "../../activities/report/report-model.ts";
import { createRandom } from "../../domain/random.ts";
import type { Axis, Box, Zyx } from "../../domain/volumes/shape.ts";

const SHAPE: Zyx = [160, 128, 128];
const BOX: Box = [[30, 120], [34, 96], [28, 90]]; // prettier-ignore
const MARGIN: Box = [[6, 6], [5, 5], [5, 5]]; // prettier-ignore

/** A batch as the report sees it after a night: cropped, doubted, failed and cancelled scans. */
export function exampleModel(): ReportModel {
  return {
    batch: "2026-11-medaka",
    outcome: "partial",
    note: "Encoder 0a1b2c3d4e5f pretrained on 3 scans of this batch",
    madeAt: "2026-11-24T05:12:44.000Z",
    scans: [
      croppedScan("A01", 1),
      keptWhole("A02"),
      {
        scan: "A07",
        outcome: "failed",
        stage: "ingest",
        failure: {
          type: "CorruptData",
          message:
            "A07: slice 118 of 300 (s_0118.tif) ends after 4096 of 32768 bytes <script>alert(1)</script>",
          retryable: false,
        },
        reasons: [],
        images: [],
        profiles: [],
        stages: [],
        gaps: [],
      },
      {
        scan: "A08.with-a-name-that-is-long-enough-to-break-the-layout-of-a-narrow-table",
        outcome: "cancelled",
        reasons: [],
        images: [],
        profiles: [],
        stages: [{ stage: "ingest", seconds: 3, reused: false }],
        gaps: ["Not shown: images (There is no array volumes/ab.zarr/1)"],
      },
    ],
    learning: {
      pretext: "rotation",
      encoder: "window-net",
      view: "windows",
      key: "0a1b2c3d4e5f".repeat(5) + "0a1b",
      steps: Array.from({ length: 120 }, (_, i) => i * 5 + 1),
      loss: Array.from(
        { length: 120 },
        (_, i) => 0.7 + 1.3 * Math.exp(-i / 35) + 0.05 * Math.sin(i),
      ),
      accuracy: Array.from({ length: 120 }, (_, i) => 0.7 - 0.5 * Math.exp(-i / 35)),
      chance: Math.log(7),
      shortcut: {
        pretext: "rotation",
        numbers: { chance: 1 / 7, p0Specimen: 0.71, p0Background: 0.34, p0Auc: 0.81, ttaAuc: 0.9 },
        warnings: ["Angles are told where there is no specimen"],
      },
    },
    segmentation: {
      model: "organs",
      meanIou: 0.7123,
      iou: { "1": 0.82, "2": 0.6046 },
      measuredOn: ["A01"],
      heldOut: false,
    },
    gaps: [],
  };
}

function croppedScan(scan: string, seed: number): ReportScan {
  const random = createRandom(seed, scan);
  return {
    scan,
    outcome: "cropped",
    reasons: ["Windows and energy agree within 3 voxels"],
    confidence: 0.93,
    keptFraction: 0.187,
    box: BOX,
    margin: MARGIN,
    shape: SHAPE,
    voxelSizeUm: [5, 5, 5],
    container: "tube: wall of 6 voxels, tilted by 1.2°",
    truth: {
      box: [[28, 121], [35, 95], [29, 92]], // prettier-ignore
      maePx: 1.5,
      relAxis: 0.011,
      lostVoxels: 12,
      lostFraction: 0.00008,
    },
    images: fish(() => random.next()),
    profiles: ([0, 1, 2] as const).map((axis) => profile(axis)),
    stages: [
      { stage: "ingest", seconds: 4.2, reused: false },
      { stage: "downscale", seconds: 2.1, reused: true },
      { stage: "crop", seconds: 75, reused: false },
    ],
    volumeBytes: 3_211_000,
    cropBytes: 612_000,
    storage: {
      voxels: { before: 2_621_440, after: 490_209 },
      bytes: { before: 3_211_000, after: 612_000 },
      allBytes: { before: 3_702_000, after: 705_000 },
      objects: { before: 27, after: 9 },
    },
    shell: "in quarantine until 2026-12-24",
    volumeUrl: `s3://microtome/volumes/${"ab".repeat(32)}.zarr`,
    cropUrl: `s3://microtome/crops/${"cd".repeat(32)}.zarr`,
    gaps: [],
  };
}

function keptWhole(scan: string): ReportScan {
  const rest: { -readonly [K in keyof ReportScan]: ReportScan[K] } = croppedScan(scan, 2);
  for (const name of ["box", "margin", "cropBytes", "cropUrl", "storage", "shell"] as const)
    delete rest[name];
  return {
    ...rest,
    outcome: "kept-whole",
    reasons: [
      "Two regions of equal size; none is the specimen beyond doubt",
      "Confidence 0.12 is below localize.minConfidence 0.25",
    ],
    confidence: 0.12,
    keptFraction: 1,
    truth: { box: BOX, lostVoxels: 0, lostFraction: 0 },
  };
}

function profile(axis: Axis) {
  const n = 40;
  const at = Array.from({ length: n }, (_, i) => ((i + 0.5) * SHAPE[axis]) / n);
  const [lo, hi] = BOX[axis];
  const values = at.map(
    (v) => 0.15 + 0.7 / (1 + Math.exp(-(v - lo) / 4)) / (1 + Math.exp((v - hi) / 4)),
  );
  return { axis, at, values };
}

/** An ellipsoid in a tube, with noise. */
function fish(random: () => number): ReportImage[] {
  const shape: Zyx = [80, 64, 64];
  const data = new Float32Array(80 * 64 * 64);
  for (let z = 0, i = 0; z < 80; z++) {
    for (let y = 0; y < 64; y++) {
      for (let x = 0; x < 64; x++, i++) {
        const r = Math.hypot(y - 32, x - 32);
        const inside = ((z - 37) / 23) ** 2 + ((y - 32) / 15) ** 2 + ((x - 30) / 15) ** 2 < 1;
        data[i] = (r > 30 ? 0 : r > 28 ? 0.45 : 0.3) + (inside ? 0.35 : 0) + 0.1 * random();
      }
    }
  }
  return maxProjections({ shape, data }).map((image, axis) => ({
    axis: axis as Axis,
    uri: toDataUri(image),
  }));
}
