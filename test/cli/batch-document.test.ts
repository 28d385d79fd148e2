import { expect, test } from "vitest";
import { toBatchDocument } from "../../cli/batch-document.ts";
import type { BatchStatus } from "../../schemas/result.ts";

const digest = "ab".repeat(32);
const crop = "cd".repeat(32);
const url = (key: string) => `s3://microtome/${key}`;

const status: BatchStatus = {
  batch: "demo",
  outcome: "partial",
  spec: "batches/demo/spec/1.json",
  paused: false,
  scans: [
    {
      scan: "A01",
      state: "settled",
      outcome: "cropped",
      stage: "crop",
      box: [[12, 140], [30, 98], [28, 101]], // prettier-ignore
      margin: [[5, 5], [5, 5], [5, 5]], // prettier-ignore
      keptFraction: 0.21,
      confidence: 0.97,
      reasons: [],
      candidates: {},
      volume: digest,
      crop,
      volumeBytes: 10,
      cropBytes: 2,
      stages: { ingest: { key: "k", reused: false, seconds: 1 } },
    },
    {
      scan: "A07",
      state: "settled",
      outcome: "failed",
      stage: "ingest",
      failure: {
        type: "CorruptData",
        message: "A07: slice 118 of 300 (s_0118.tif) …",
        retryable: false,
      },
    },
    { scan: "A08", state: "analysing", stage: "localize", labels: crop },
  ],
};

test("is the documented one: URLs for volumes and crops, stage and failure of what failed", () => {
  expect(toBatchDocument(status, { url, verbose: false })).toEqual({
    batch: "demo",
    outcome: "partial",
    storage: { bytes: { before: 10, after: 2 } },
    scans: [
      {
        scan: "A01",
        outcome: "cropped",
        box: [[12, 140], [30, 98], [28, 101]], // prettier-ignore
        margin: [[5, 5], [5, 5], [5, 5]], // prettier-ignore
        keptFraction: 0.21,
        confidence: 0.97,
        volume: `s3://microtome/volumes/${digest}.zarr`,
        crop: `s3://microtome/crops/${crop}.zarr`,
        storage: { bytes: { before: 10, after: 2 } },
      },
      {
        scan: "A07",
        outcome: "failed",
        stage: "ingest",
        failure: {
          type: "CorruptData",
          message: "A07: slice 118 of 300 (s_0118.tif) …",
          retryable: false,
        },
      },
      {
        scan: "A08",
        state: "analysing",
        stage: "localize",
        labels: `s3://microtome/stages/segment/${crop}/labels.zarr`,
      },
    ],
  });
});

test("with --verbose it also has what is internal", () => {
  expect(toBatchDocument(status, { url, verbose: true })).toMatchObject({
    spec: "batches/demo/spec/1.json",
    scans: [{ volumeBytes: 10, cropBytes: 2, stages: { ingest: { seconds: 1 } } }, {}, {}],
  });
});
