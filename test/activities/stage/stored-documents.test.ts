import { describe, expect, it } from "vitest";
import { readCertainty, writeCertainty } from "../../../activities/stage/certainty.ts";
import { findDocument, readDocument, readScan } from "../../../activities/stage/documents.ts";
import { commitManifest, readManifest, toJson } from "../../../activities/stage/manifests.ts";
import { readView, writeView } from "../../../activities/stage/view-store.ts";
import { createMemoryStore } from "../../../activities/stores/memory-store.ts";
import { CorruptData, InvalidInput, NotFound } from "../../../domain/errors.ts";
import type { View } from "../../../domain/localization/view.ts";
import { createRandom } from "../../../domain/random.ts";
import { keys } from "../../../schemas/names.ts";

const k = "a".repeat(64);

describe("certainty", () => {
  const profile = { values: [0.25, 0.5, 1], offset: 3, stride: 4 };
  const map = {
    values: { shape: [1, 2, 3] as const, data: Float32Array.of(0, 0.125, 0.25, 0.5, 0.75, 1) },
    offset: 2,
    stride: 4,
  };

  it("comes back as it was, with and without a map", async () => {
    const store = createMemoryStore();
    const whole = { axis: 1, profile, map, windowRadius: 10 };
    const output = await writeCertainty(store, k, whole);
    expect(output.key).toBe(`stages/localize/${k}/certainty.json`);
    expect((await store.head(output.key))?.bytes).toBe(output.bytes);
    expect(await readCertainty(store, k)).toEqual(whole);
    await writeCertainty(store, k, { axis: 0, profile });
    expect(await readCertainty(store, k)).toEqual({ axis: 0, profile });
  });

  it("rounds a map to five digits and no more", async () => {
    const store = createMemoryStore();
    const data = Float32Array.of(1 / 3, 2 / 3, 0, 0, 0, 1e-6);
    await writeCertainty(store, k, {
      axis: 0,
      profile,
      map: { ...map, values: { shape: [1, 2, 3], data } },
    });
    const back = (await readCertainty(store, k)).map!.values.data;
    data.forEach((v, i) => expect(Math.abs(back[i]! - v)).toBeLessThanOrEqual(0.5001e-5));
  });

  it("is refused when its map has another number of values than its shape says", async () => {
    const store = createMemoryStore();
    const { key } = await writeCertainty(store, k, { axis: 0, profile, map });
    const document = await readDocument<{ map: { values: number[] } }>(store, key);
    document.map.values.pop();
    await store.put(key, toJson(document));
    await expect(readCertainty(store, k)).rejects.toThrow(CorruptData);
    await expect(readCertainty(store, k)).rejects.toThrow("5 values for a map of 1×2×3");
  });

  it("that is not there, or is no JSON, is said to be", async () => {
    const store = createMemoryStore();
    await expect(readCertainty(store, k)).rejects.toThrow(NotFound);
    await store.put(`stages/localize/${k}/certainty.json`, Uint8Array.of(0xff, 0xfe));
    await expect(readCertainty(store, k)).rejects.toThrow(CorruptData);
  });
});

describe("a view", () => {
  const shape = [5, 7, 6] as const;
  const random = createRandom(1);
  const view: View = {
    values: { shape, data: Float32Array.from({ length: 210 }, () => random.normal()) },
    valid: { shape, data: Uint8Array.from({ length: 210 }, () => random.int(2)) },
    bin: 2,
  };

  it("comes back to the last bit, and its outputs are all there", async () => {
    const store = createMemoryStore();
    const outputs = await writeView(store, k, view);
    expect(await readView(store, { key: k, bin: 2 })).toEqual(view);
    for (const { key, bytes } of outputs) expect((await store.head(key))?.bytes).toBe(bytes);
    expect(
      outputs.map(({ key }) => key).every((key) => key.startsWith(`stages/suppress/${k}/`)),
    ).toBe(true);
  });

  it("that was never made is NotFound; arrays of other types are corrupt", async () => {
    const store = createMemoryStore();
    await expect(readView(store, { key: k, bin: 2 })).rejects.toThrow(NotFound);
    const swapped = { ...view, values: view.valid, valid: view.values } as unknown as View;
    await expect(writeView(store, k, swapped)).rejects.toThrow(CorruptData);
  });
});

describe("a document", () => {
  it("is read, or missed by name, or refused by name", async () => {
    const store = createMemoryStore();
    await store.put("a.json", toJson({ n: 1 }));
    expect(await readDocument(store, "a.json")).toEqual({ n: 1 });
    expect(await findDocument(store, "b.json")).toBeUndefined();
    await expect(readDocument(store, "b.json")).rejects.toThrow(NotFound);
    await expect(readDocument(store, "b.json")).rejects.toThrow("memory:b.json");
    await store.put("b.json", new TextEncoder().encode("{"));
    await expect(findDocument(store, "b.json")).rejects.toThrow(CorruptData);
    await expect(findDocument(store, "b.json")).rejects.toThrow("b.json");
  });

  it("of a batch gives the scan, or says that it has none of that name", async () => {
    const store = createMemoryStore();
    await store.put("spec.json", toJson({ batch: "b", scans: [{ id: "A", source: "/a" }] }));
    expect((await readScan(store, "spec.json", "A")).scan).toEqual({ id: "A", source: "/a" });
    await expect(readScan(store, "spec.json", "B")).rejects.toThrow("Batch b has no scan B");
  });
});

describe("a manifest", () => {
  const manifest = {
    stage: "crop" as const,
    key: k,
    parts: { stage: "crop" as const, version: 1, parameters: {}, inputs: {} },
    result: { n: 1 },
    outputs: [],
    run: { startedAt: "2026-01-01T00:00:00.000Z", seconds: 1, host: "h", attempt: 1 },
  };

  it("stands once it is committed; later ones get the first", async () => {
    const store = createMemoryStore();
    expect(await readManifest(store, "crop", k)).toBeUndefined();
    expect(await commitManifest(store, manifest)).toEqual(manifest);
    const later = { ...manifest, result: { n: 2 } };
    expect(await commitManifest(store, later)).toEqual(manifest);
    expect(await readManifest(store, "crop", k)).toEqual(manifest);
    expect(await readManifest(store, "localize", k)).toBeUndefined();
  });

  it("with anything unknown or missing is neither written nor read", async () => {
    const store = createMemoryStore();
    const odd = { ...manifest, extra: 1 };
    await expect(commitManifest(store, odd)).rejects.toThrow(InvalidInput);
    expect(await store.head(keys.manifest("crop", k))).toBeUndefined();
    await store.put(keys.manifest("crop", k), toJson({ ...manifest, outputs: undefined }));
    await expect(readManifest(store, "crop", k)).rejects.toThrow("/outputs: missing");
  });
});
