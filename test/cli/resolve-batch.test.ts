import { describe, expect, test } from "vitest";
import { resolveBatch } from "../../cli/resolve-batch.ts";
import { InvalidInput } from "../../domain/errors.ts";

const scans = [{ source: "data/A01/*.tif" }, { id: "B", source: "/elsewhere/b.nii.gz" }];

function problemsOf(value: unknown): string[] {
  try {
    resolveBatch(value, "/lab");
  } catch (error) {
    expect(error).toBeInstanceOf(InvalidInput);
    return (error as Error).message.split("\n").slice(1);
  }
  throw new Error("expected the batch to be refused");
}

describe("a batch that is valid", () => {
  test("says of retention only what is not the default, so that its name stays as it was", () => {
    const resolved = (retention?: object) =>
      resolveBatch({ batch: "b1", scans, ...(retention && { retention }) }, "/lab").spec;
    expect(resolved({ policy: "quarantine" }).retention).toEqual({
      policy: "quarantine",
      days: 30,
    });
    expect(resolved({ policy: "quarantine", days: 0 }).retention?.days).toBe(0);
    expect(resolved({ policy: "keep", days: 7 })).toEqual(resolved());
    expect(() => resolved({ policy: "delete" })).toThrow(
      /\/retention\/policy.*"keep", "quarantine"/,
    );
    expect(() => resolved({ days: -1 })).toThrow(/\/retention\/days/);
  });

  test("gets every default spelled out, ids and absolute sources", () => {
    const { spec, truth } = resolveBatch({ batch: "b1", scans }, "/lab");
    expect(spec).toEqual({
      batch: "b1",
      collection: "default",
      scans: [
        {
          id: "A01",
          source: "/lab/data/A01/*.tif",
          allowMissingSlices: false,
          voxelSizeOverrides: false,
        },
        {
          id: "B",
          source: "/elsewhere/b.nii.gz",
          allowMissingSlices: false,
          voxelSizeOverrides: false,
        },
      ],
      downscale: { targetSize: 128 },
      container: { suppress: "auto" },
      pretrain: {
        view: "windows",
        pretext: "rotation",
        encoder: "window-net",
        width: 24,
        steps: 1200,
        batchSize: 96,
        rate: 0.001,
        warmup: 100,
        seed: 0,
        windowSize: 20,
        imageSize: 64,
        twinRange: 0.05,
        flipInvariant: false,
        margin: 0.2,
        normaliseScores: false,
        distribution: { kind: "uniform" },
        sortWithin: "all",
        augmentation: "contrastive",
        dropouts: [],
        temperature: 0.07,
        encoderMomentum: 0.99,
        optimizer: "adam",
        weightDecay: 0,
        momentum: 0.9,
        decay: "cosine",
        clipNorm: 5,
        accumulate: 1,
        ema: 0,
        validation: 0,
        validateEvery: 100,
        patience: 0,
        curriculum: [],
        checkpointEvery: 50,
        minScans: 4,
      },
      localize: {
        method: "windows",
        stride: 4,
        score: "tta",
        threshold: "otsu",
        margin: 0.04,
        minConfidence: 0.25,
        refine: true,
        refineSteps: 250,
        risk: 0.1,
      },
      segment: {},
    });
    expect(truth).toEqual({});
  });

  test.each([
    [{ localize: { method: "rotation" } }, ["slices", "resnet18", 16, 32]],
    [{ localize: { method: "energy" } }, ["windows", "window-net", 24, 96]],
    [
      { localize: { method: "energy" }, pretrain: { pretext: "sorting", view: "slices" } },
      ["slices", "resnet18", 16, 12],
    ],
    [
      { localize: { method: "rotation" }, pretrain: { encoder: "resnet50", batchSize: 8 } },
      ["slices", "resnet50", 16, 8],
    ],
  ])("derives view, encoder, width and batch size from %j", (given, expected) => {
    const { view, encoder, width, batchSize } = resolveBatch(
      { batch: "b", scans, ...given },
      "/lab",
    ).spec.pretrain;
    expect([view, encoder, width, batchSize]).toEqual(expected);
  });

  test("keeps the truth apart, its mask absolute, and nothing of it in the specification", () => {
    const box = [
      [1, 5],
      [0, 4],
      [2, 3],
    ];
    const { spec, truth } = resolveBatch(
      { batch: "b", scans: [{ source: "a.tif", truth: { box, mask: "truth/a" } }] },
      "/lab",
    );
    expect(truth).toEqual({ a: { box, mask: "/lab/truth/a" } });
    expect(JSON.stringify(spec)).not.toContain("truth");
  });

  test("leaves URLs as they are and does not change what it was given", () => {
    const given = { batch: "b", scans: [{ source: "s3://raw/A02.tif" }] };
    const before = structuredClone(given);
    expect(resolveBatch(given, "/lab").spec.scans[0]).toMatchObject({
      id: "A02",
      source: "s3://raw/A02.tif",
    });
    expect(given).toEqual(before);
  });

  test("names a scan after the folder that a relative source climbs to", () => {
    const batch = { batch: "b", scans: [{ source: "../X7" }, { source: "." }] };
    expect(resolveBatch(batch, "/lab/here").spec.scans.map(({ id }) => id)).toEqual(["X7", "here"]);
  });

  test("is resolved again to itself, so that equal batches have equal keys", () => {
    const { spec } = resolveBatch({ batch: "b", scans }, "/lab");
    expect(resolveBatch(spec, "/").spec).toEqual(spec);
  });
});

describe("a batch that is not valid", () => {
  test.each<[unknown, RegExp[]]>([
    [null, [/^\/: got null, expected an object/]],
    [{ scans }, [/^\/batch: missing/]],
    [{ batch: "b" }, [/^\/scans: missing/]],
    [{ batch: "b", scans: [] }, [/^\/scans: got \[\]/]],
    [{ batch: "../b", scans }, [/^\/batch: got "\.\.\/b"/]],
    [{ batch: ".b", scans }, [/^\/batch: got "\.b"/]],
    [{ batch: "b".repeat(101), scans }, [/^\/batch: got "bbbb/]],
    [{ batch: "b", scans, pretrain: { step: 3 } }, [/^\/pretrain\/step: unknown field/]],
    [{ batch: "b", scans: [{ source: "a", id: "../a" }] }, [/^\/scans\/0\/id: got "\.\.\/a"/]],
    [
      { batch: "b", scans: [{ source: "a", voxelSizeUm: [5, "five", 0] }] },
      [/^\/scans\/0\/voxelSizeUm\/1: got "five"/, /^\/scans\/0\/voxelSizeUm\/2: got 0/],
    ],
    [{ batch: "b", scans, localize: { margin: 2 } }, [/^\/localize\/margin: got 2/]],
    [
      { batch: "b", scans, downscale: { targetSize: 20.5 } },
      [/^\/downscale\/targetSize: got 20\.5/],
    ],
    [
      { batch: "b", scans: [{ source: "x/a.tif" }, { source: "y/b.tif" }, { source: "z/a.tif" }] },
      [/^\/scans\/2: its id "a" is that of \/scans\/0 too/],
    ],
    [{ batch: "b", scans: [{ source: "my scan.tif" }] }, [/^\/scans\/0\/source: .*my scan/]],
    [
      { batch: "b", scans: [{ source: "a", box: [[3, 3], [0, 1], [2, 1]] }] }, // prettier-ignore
      [/^\/scans\/0\/box\/0: got \[3, 3\]/, /^\/scans\/0\/box\/2: got \[2, 1\]/],
    ],
    [
      { batch: "b", scans: [{ source: "a", truth: { box: [[3, 1], [0, 1], [0, 1]] } }] }, // prettier-ignore
      [/^\/scans\/0\/truth\/box\/0: got \[3, 1\]/],
    ],
    [
      { batch: "b", scans, pretrain: { encoder: "resnet18" } },
      [/^\/pretrain\/encoder: got "resnet18" for view "windows", which is not supported yet/],
    ],
    [
      { batch: "b", scans, pretrain: { encoder: "window-net" }, localize: { method: "rotation" } },
      [/^\/pretrain\/encoder: got "window-net"/],
    ],
    [
      { batch: "b", scans, pretrain: { view: "slices" } },
      [/^\/localize\/method: got "windows" with an encoder of view "slices"/],
    ],
    [
      { batch: "b", scans, pretrain: { view: "windows" }, localize: { method: "rotation" } },
      [/^\/localize\/method: got "rotation" with an encoder of view "windows"/],
    ],
    [
      { batch: "b", scans, pretrain: { pretext: "sorting", view: "windows" } },
      [
        /^\/pretrain\/pretext: got "sorting" for view "windows"/,
        /^\/localize\/method: got "windows"/,
      ],
    ],
    [
      { batch: "b", scans, pretrain: { pretext: "sorting" }, localize: { method: "rotation" } },
      [/^\/localize\/method: got "rotation", .*expected "energy"/],
    ],
    [{ batch: "b", scans, crop: { uniform: true } }, [/^\/crop\/uniform: .* not built yet/]],
  ])("%j says what is wrong with it, all at once", (value, expected) => {
    const problems = problemsOf(value);
    expect(problems).toHaveLength(expected.length);
    expected.forEach((line, i) => expect(problems[i]).toMatch(line));
  });

  test("with thousands of scans of one name says so once", () => {
    const many = Array.from({ length: 3000 }, (_, i) => ({ source: `${i}/recon.tif` }));
    expect(problemsOf({ batch: "b", scans: many })).toHaveLength(1);
  });
});
