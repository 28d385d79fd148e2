import { copyFile, readFile, truncate, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { ObjectStore } from "../../activities/deps.ts";
import { readBox, readLevel } from "../../activities/volumes/read-box.ts";
import { growBox } from "../../domain/volumes/box.ts";
import type { Box } from "../../domain/volumes/shape.ts";
import { type Stage, keys } from "../../schemas/names.ts";
import { documentOf, microtome } from "../support/cli.ts";
import { allManifests, stamps } from "../support/manifests.ts";
import { runPython } from "../support/run-python.ts";
import { createTestStack } from "../support/stack.ts";

/** What `--json` prints of a scan (DESIGN.md §7). */
interface PrintedScan {
  readonly scan: string;
  readonly outcome: string;
  readonly stage?: string;
  readonly box?: Box;
  readonly margin?: Box;
  readonly keptFraction?: number;
  readonly volume?: string;
  readonly crop?: string;
  readonly retained?: { readonly state: string };
  readonly storage?: object;
  readonly reasons?: readonly string[];
  readonly failure?: {
    readonly type: string;
    readonly message: string;
    readonly retryable: boolean;
  };
}
interface PrintedBatch {
  readonly batch: string;
  readonly outcome: string;
  readonly scans: readonly PrintedScan[];
}

interface VerifyDocument {
  readonly checked: { readonly manifests: number };
  readonly problems: readonly object[];
}

const SIZE = 64;
const stack = createTestStack("pipeline");
let store: ObjectStore;
const batchFile = join(stack.dir, "batch.json");
const slice = join(stack.dir, "scans/P02/s_0040.tif");
const cli = (...args: string[]) => microtome(stack.dir, args);
const submit = async (...more: string[]) => {
  const answer = await cli("submit", batchFile, "--wait", "--json", ...more);
  return { code: answer.code, batch: documentOf<PrintedBatch>(answer) };
};

beforeAll(async () => {
  await stack.up();
  store = await stack.store();
  const made = await cli(
    ...["phantom", "--out", "scans", "--count", "4", "--preset", "easy"],
    ...["--size", String(SIZE), "--seed", "5"],
  );
  expect(made.code, made.stderr).toBe(0);
  await copyFile(slice, `${slice}.whole`);
  await truncate(slice, 3000);
  await writeFile(
    batchFile,
    JSON.stringify({
      batch: "small",
      scans: ["P01", "P02", "P03", "P04"].map((id) => ({ id, source: `scans/${id}` })),
      // Enough to go through every stage; far too little to learn anything.
      pretrain: { steps: 12, windowSize: 12, batchSize: 8, minScans: 3, checkpointEvery: 5 },
    }),
  );
}, 300_000);
afterAll(() => stack.close(), 120_000);

describe("a small batch through the command line, on real servers", () => {
  let first: PrintedBatch;

  test("is partial: three scans cropped, the truncated one failed with file and reason", async () => {
    const { code, batch } = await submit();
    first = batch;
    expect(code).toBe(1);
    expect(batch.outcome).toBe("partial");
    expect(batch.scans.map(({ outcome }) => outcome)).toEqual([
      "cropped",
      "failed",
      "cropped",
      "cropped",
    ]);
    const { stage, failure } = batch.scans[1]!;
    expect(stage).toBe("ingest");
    expect(failure).toMatchObject({ type: "CorruptData", retryable: false });
    expect(failure?.message).toMatch(/P02.*s_0040\.tif.*truncated/s);
  }, 600_000);

  test("left volumes that zarr-python opens and finds equal to the slices", async () => {
    const { volume } = first.scans[0]!;
    const digest = /volumes\/([0-9a-f]{64})\.zarr$/.exec(volume!)![1]!;
    const target = join(stack.dir, "exported");
    const answer = await cli(
      ...["export", "small/P01", "--stage", "volume", "--format", "ome-zarr", "--to", target],
    );
    expect(answer.code, answer.stderr).toBe(0);
    const out = await runPython(
      `import sys, glob, numpy as np, zarr, tifffile
found = [p for p in glob.glob(sys.argv[1] + "/*zarr")]
group = zarr.open_group(found[0], mode="r")
slices = np.stack([tifffile.imread(f) for f in sorted(glob.glob(sys.argv[2] + "/*.tif"))])
ome = group.attrs["ome"]
print(len(found), bool((group["0"][:] == slices).all()), ome["version"], len(ome["multiscales"][0]["datasets"]))`,
      target,
      join(stack.dir, "scans/P01"),
    );
    expect(out.trim()).toBe("1 True 0.5 1");
    expect((await readLevel(store, keys.volume(digest), 0)).shape).toEqual([SIZE, SIZE, SIZE]);
  }, 120_000);

  test("left crops that are the volume's voxels, exactly, in box and margin", async () => {
    for (const { outcome, volume, crop, box, margin, keptFraction, storage } of first.scans) {
      if (outcome !== "cropped") continue;
      const region = growBox(box!, margin!, [SIZE, SIZE, SIZE]);
      const prefix = (url: string) => url.replace(/^s3:\/\/[^/]+\//, "");
      const whole = await readBox(store, prefix(volume!), 0, region);
      const cut = await readLevel(store, prefix(crop!), 0);
      expect(cut.shape).toEqual(whole.shape);
      expect(Buffer.compare(Buffer.from(cut.data.buffer), Buffer.from(whole.data.buffer))).toBe(0);
      const sizes = await Promise.all([prefix(volume!), prefix(crop!)].map((p) => sizeBelow(store, p))); // prettier-ignore
      expect(storage).toMatchObject({
        voxels: { before: SIZE ** 3, after: cut.data.length },
        allBytes: { before: sizes[0]!.bytes, after: sizes[1]!.bytes },
        objects: { before: sizes[0]!.objects, after: sizes[1]!.objects },
      });
      expect(keptFraction).toBeCloseTo(cut.data.length / SIZE ** 3, 6);
      const record = JSON.parse(
        new TextDecoder().decode(await store.get(`${prefix(crop!)}/crop.json`)),
      ) as unknown;
      expect(record).toMatchObject({ box, margin, shell: { kept: "volume" } });
    }
  }, 60_000);

  test("promises in its manifests only what is there", async () => {
    const manifests = await allManifests(store);
    expect(new Set(manifests.map(({ stage }) => stage))).toEqual(
      new Set([
        "ingest",
        "downscale",
        "suppress",
        "pretrain",
        "localize",
        "refine",
        "reconcile",
        "crop",
      ]),
    );
    for (const { outputs } of manifests) {
      for (const { key, bytes } of outputs) expect(await store.head(key)).toEqual({ key, bytes });
    }
  }, 60_000);

  test("is repaired by a retry that runs the failed scan alone, with the encoder it had", async () => {
    await copyFile(`${slice}.whole`, slice);
    const before = stamps(await allManifests(store));
    const answer = await cli("retry", "small", "--wait", "--json");
    const batch = documentOf<PrintedBatch>(answer);
    expect(answer.code, answer.stderr).toBe(0);
    expect(batch.outcome).toBe("completed");
    const after = stamps(await allManifests(store));
    expect(after).toMatchObject(before);
    const added = Object.keys(after).filter((key) => !(key in before));
    expect(countStages(added)).toEqual({
      ...{ ingest: 1, downscale: 1, suppress: 1, localize: 3, refine: 3, reconcile: 1, crop: 1 },
    });
    expect(batch.scans.filter(({ scan }) => scan !== "P02")).toEqual(
      first.scans.filter(({ scan }) => scan !== "P02"),
    );
  }, 300_000);

  test("submitted again, runs no stage", async () => {
    const before = stamps(await allManifests(store));
    const { code, batch } = await submit();
    expect(code).toBe(0);
    expect(batch.outcome).toBe("completed");
    expect(stamps(await allManifests(store))).toEqual(before);
  }, 120_000);

  test("with another localize parameter, runs localize and what follows, and nothing else", async () => {
    const before = stamps(await allManifests(store));
    const { code } = await submit("--set", "localize.stride=3");
    expect(code).toBe(0);
    const after = stamps(await allManifests(store));
    expect(after).toMatchObject(before);
    const added = countStages(Object.keys(after).filter((key) => !(key in before)));
    expect(added.localize).toBe(12);
    // One network, and three axes of four scans seen by it.
    expect(added.refine).toBe(13);
    expect(added.reconcile).toBe(4);
    // A crop whose box came out the same is the same crop.
    const { localize: _l, refine: _f, reconcile: _r, crop: _c, ...others } = added;
    expect(others).toEqual({});
  }, 300_000);

  test("is verified, to the last voxel", async () => {
    const answer = await cli("verify", "small", "--deep", "--json");
    expect(answer.code, answer.stderr).toBe(0);
    const { checked, problems } = documentOf<VerifyDocument>(answer);
    expect(problems).toEqual([]);
    expect(checked.manifests).toBeGreaterThan(20);
    const all = await cli("verify", "--json");
    expect(all.code, all.stdout).toBe(0);
    expect(documentOf<VerifyDocument>(all).checked.manifests).toBe(
      (await allManifests(store)).length,
    );
  }, 120_000);

  test("is rebuilt to full size, byte for byte", async () => {
    const target = join(stack.dir, "whole");
    const answer = await cli("uncrop", "small/P01", "--to", target, "--format", "tiff", "--json");
    expect(answer.code, answer.stderr).toBe(0);
    expect(documentOf(answer)).toMatchObject({ shell: "kept", file: join(target, "P01.tif") });
    expect(await comparedWithSlices(join(target, "P01.tif"))).toBe("True");
  }, 120_000);

  test("names a damaged object; repaired and submitted again, makes only that anew", async () => {
    const now = documentOf<PrintedBatch>(await cli("status", "small", "--json"));
    const { crop } = now.scans[0]!;
    const prefix = crop!.replace(/^s3:\/\/[^/]+\//, "");
    const [victim] = (await keysBelow(store, `${prefix}/0/c/`)).slice(-1);
    const whole = (await store.get(victim!))!;
    await store.put(victim!, whole.slice(3));
    const found = await cli("verify", "small", "--json");
    expect(found.code).toBe(1);
    expect(documentOf<VerifyDocument>(found).problems).toMatchObject([
      { kind: "wrong-size", key: victim, scan: "P01" },
    ]);
    const refused = await cli("uncrop", "small/P01", "--to", stack.dir);
    expect(refused.code).toBe(1);
    expect(refused.stderr).toContain(victim!);

    const before = stamps(await allManifests(store));
    const repaired = await cli("verify", "small", "--repair", "--yes");
    expect(repaired.stdout).toMatch(/Moved 2 to quarantine\/damaged/);
    // As the batch last ran: only the crop of P01 is made again.
    const { code } = await submit("--set", "localize.stride=3");
    expect(code).toBe(0);
    const after = stamps(await allManifests(store));
    const made = Object.entries(after).filter(([key, stamp]) => before[key] !== stamp);
    expect(countStages(made.map(([key]) => key))).toEqual({ crop: 1 });
    expect(await store.get(victim!)).toEqual(whole);
    expect((await cli("verify", "small")).code).toBe(0);
  }, 300_000);

  test("takes its margins from what was measured against known boxes", async () => {
    const energy = ["--set", "localize.method=energy"];
    await submit(...energy);
    const measured = await cli(
      ...["calibrate", "small", "--truth", "scans/truth.json", "--risk", "0.3", "--json"],
    );
    expect(measured.code, measured.stderr).toBe(0);
    const made = documentOf<{ calibration: string; scans: number; margin: number }>(measured);
    expect(made.scans).toBe(4);
    const conformal = ["--set", "localize.margin=conformal", "--set", "localize.risk=0.3"];
    const { batch } = await submit(...energy, ...conformal);
    const voxels = Math.ceil(made.margin * SIZE - 1e-9);
    for (const { scan, margin, reasons } of batch.scans) {
      expect(margin, scan).toEqual(Array.from({ length: 3 }, () => [voxels, voxels]));
      expect(reasons?.at(-1)).toMatch(/worst cuts of 4 scans .*collection default/);
    }
    const now = documentOf<{ margins: object[] }>(await cli("status", "small", "--json"));
    expect(now.margins).toMatchObject([{ calibration: made.calibration, scans: 4 }]);
    expect((await cli("status", "small")).stdout).toContain("Margins of 4 scans come from");
    // Other boxes than those that were measured have a wide margin: 8 % of 64, rounded up.
    const other = await submit(...energy, ...conformal, "--set", "localize.minConfidence=0.1");
    expect(other.batch.scans[0]!.margin![0]).toEqual([6, 6]);
    expect(other.batch.scans[0]!.reasons?.at(-1)).toMatch(/localize.minConfidence 0.25, here 0.1/);
  }, 300_000);

  test("moves whole volumes aside when told, gives them back, and deletes them only when told", async () => {
    // What is learned from so little may point anywhere, and what is kept whole is not moved.
    const settled = ["--set", "localize.method=energy"];
    await submit(...settled);
    const quarantine = [...settled, "--set", "retention.policy=quarantine"];
    const before = stamps(await allManifests(store));
    const { code, batch } = await submit(...quarantine, "--set", "retention.days=0");
    expect(code).toBe(0);
    expect(batch.scans.map(({ retained }) => retained?.state)).toEqual(
      Array.from({ length: 4 }, () => "quarantined"),
    );
    expect(await keysBelow(store, "volumes/")).toEqual([]);
    expect(Object.keys(stamps(await allManifests(store)))).toHaveLength(
      Object.keys(before).length - 8,
    );
    // Submitted again, nothing is read anew and nothing moves back.
    const again = await submit(...quarantine, "--set", "retention.days=0");
    expect(again.batch.scans.map(({ crop }) => crop)).toEqual(batch.scans.map(({ crop }) => crop));
    expect(await keysBelow(store, "volumes/")).toEqual([]);
    expect((await cli("verify", "small")).code).toBe(0);

    const target = join(stack.dir, "aside");
    const aside = await cli("uncrop", "small/P01", "--to", target, "--format", "tiff");
    expect(aside.stdout).toContain("out of quarantine");
    expect(await comparedWithSlices(join(target, "P01.tif"))).toBe("True");
    expect((await cli("retention", "restore", "small/P01", "--json")).code).toBe(0);
    const restored = stamps(await allManifests(store));
    expect(before).toMatchObject(restored);
    expect(Object.keys(restored)).toHaveLength(Object.keys(before).length - 6);

    const listed = await cli("retention", "purge");
    expect(listed.stdout).toMatch(/To be deleted for good: .*small\/P02.*Nothing was deleted/s);
    expect(await keysBelow(store, "quarantine/")).not.toEqual([]);
    const purged = await cli("retention", "purge", "--yes", "--json");
    expect(purged.code, purged.stderr).toBe(0);
    expect(documentOf<{ purged: unknown[] }>(purged).purged).toHaveLength(3);
    const rest = await keysBelow(store, "quarantine/");
    expect(rest.filter((key) => !/record\.json$|\/damaged\//.test(key))).toEqual([]);
    const filled = await cli("uncrop", "small/P02", "--to", target, "--format", "tiff", "--json");
    expect(documentOf(filled)).toMatchObject({ shell: "filled" });
    const unpurged = await cli("uncrop", "small/P01", "--to", target, "--json");
    expect(documentOf(unpurged)).toMatchObject({ shell: "kept" });
    expect((await cli("verify", "small")).stdout).toContain("The whole volume of P02 was purged");
  }, 300_000);

  test("says of what cannot be uncropped why", async () => {
    const cases = [
      [["uncrop", "small/P99", "--to", stack.dir], 2, /no scan "P99"/],
      [["uncrop", "small/P01", "--to", batchFile], 2, /--to .*batch\.json/],
      [["verify", "nobody"], 2, /nobody has left no result/],
      [["retention", "restore", "small/P02"], 2, /not in quarantine.*purged at/],
    ] as const;
    for (const [args, code, message] of cases) {
      const answer = await cli(...args);
      expect(answer.stderr, args.join(" ")).toMatch(message);
      expect(answer.code, args.join(" ")).toBe(code);
    }
  }, 120_000);

  test("has a report that stands alone", async () => {
    const answer = await cli("report", "small", "--to", join(stack.dir, "report.html"));
    expect(answer.code, answer.stderr).toBe(0);
    const html = await readFile(join(stack.dir, "report.html"), "utf8");
    for (const { scan } of first.scans) expect(html).toContain(scan);
    expect(html).toContain("data:image/png;base64,");
    expect(html).not.toMatch(/(src|href)="https?:/);
  }, 120_000);
});

async function keysBelow(store: ObjectStore, prefix: string): Promise<string[]> {
  const found: string[] = [];
  for await (const { key } of store.list(prefix)) found.push(key);
  return found;
}

async function sizeBelow(store: ObjectStore, prefix: string) {
  let [bytes, objects] = [0, 0];
  for await (const info of store.list(`${prefix}/`)) {
    bytes += info.bytes;
    objects++;
  }
  return { bytes, objects };
}

/** Whether a TIFF file holds the voxels of P01's slices, by tifffile: `True` or `False`. */
async function comparedWithSlices(file: string): Promise<string> {
  const out = await runPython(
    `import sys, glob, numpy as np, tifffile
slices = np.stack([tifffile.imread(f) for f in sorted(glob.glob(sys.argv[2] + "/*.tif"))])
whole = tifffile.imread(sys.argv[1])
print(whole.dtype == slices.dtype and bool((whole == slices).all()))`,
    file,
    join(stack.dir, "scans/P01"),
  );
  return out.trim();
}

function countStages(manifests: readonly string[]): Partial<Record<Stage, number>> {
  const counts: Partial<Record<Stage, number>> = {};
  for (const name of manifests) {
    const stage = name.split("/")[0] as Stage;
    counts[stage] = (counts[stage] ?? 0) + 1;
  }
  return counts;
}
