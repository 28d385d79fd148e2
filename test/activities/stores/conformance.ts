import { createHash } from "node:crypto";
import { beforeEach, describe, expect, it } from "vitest";
import type { ObjectInfo, ObjectStore } from "../../../activities/deps.ts";
import { InvalidInput } from "../../../domain/errors.ts";

const bytes = (...values: number[]) => Uint8Array.from(values);
const text = (value: string) => new Uint8Array(Buffer.from(value));

export async function listAll(store: ObjectStore, prefix: string): Promise<ObjectInfo[]> {
  const found: ObjectInfo[] = [];
  for await (const info of store.list(prefix)) found.push(info);
  return found;
}

/** What every adapter must do alike. `open` gives a store that is empty below `root`. */
export function storeConformance(open: () => Promise<{ store: ObjectStore; root: string }>): void {
  describe("keeps the contract of a store", () => {
    let store: ObjectStore;
    let root: string;
    beforeEach(async () => ({ store, root } = await open()));

    it("gives back what was put, as a standalone array", async () => {
      const whole = bytes(9, 1, 2, 3, 9);
      await store.put(`${root}/a`, whole.subarray(1, 4));
      whole.fill(0);
      const found = (await store.get(`${root}/a`))!;
      expect(found.constructor).toBe(Uint8Array);
      expect([...found]).toEqual([1, 2, 3]);
      expect(found.buffer.byteLength).toBe(3);
      found.fill(7);
      expect([...(await store.get(`${root}/a`))!]).toEqual([1, 2, 3]);
    });

    it("gives back what was put with its digest", async () => {
      const digest = (of: Uint8Array) => createHash("sha256").update(of).digest("hex");
      const some = Uint8Array.from({ length: 300_000 }, (_, i) => (i * i) >> 7);
      for (const [name, put] of Object.entries({ some, none: bytes() })) {
        await store.put(`${root}/${name}`, put, digest(put));
        expect(Buffer.compare((await store.get(`${root}/${name}`))!, put)).toBe(0);
      }
    });

    it("replaces what was there", async () => {
      await store.put(`${root}/a`, bytes(1, 2, 3));
      await store.put(`${root}/a`, bytes(4));
      expect([...(await store.get(`${root}/a`))!]).toEqual([4]);
    });

    it("keeps an empty object apart from none", async () => {
      await store.put(`${root}/empty`, bytes());
      expect((await store.get(`${root}/empty`))!.length).toBe(0);
      expect(await store.head(`${root}/empty`)).toEqual({ key: `${root}/empty`, bytes: 0 });
      expect((await store.getRange(`${root}/empty`, { suffixLength: 4 }))!.length).toBe(0);
      expect((await store.getRange(`${root}/empty`, { offset: 0, length: 4 }))!.length).toBe(0);
    });

    it("answers undefined for what is not there, whatever is asked", async () => {
      await store.put(`${root}/folder/a`, bytes(1));
      for (const key of [`${root}/none`, `${root}/folder`, `${root}/folder/a/b`]) {
        expect(await store.get(key), key).toBeUndefined();
        expect(await store.head(key), key).toBeUndefined();
        expect(await store.getRange(key, { offset: 0, length: 2 }), key).toBeUndefined();
        expect(await store.getRange(key, { offset: 0, length: 0 }), key).toBeUndefined();
        expect(await store.getRange(key, { suffixLength: 2 }), key).toBeUndefined();
        await store.delete(key);
      }
      expect(await listAll(store, `${root}/`)).toHaveLength(1);
    });

    it("reads ranges, cut at the end of the object", async () => {
      const key = `${root}/ranges`;
      await store.put(key, bytes(0, 1, 2, 3, 4));
      const range = async (r: Parameters<ObjectStore["getRange"]>[1]) => [
        ...(await store.getRange(key, r))!,
      ];
      expect(await range({ offset: 0, length: 2 })).toEqual([0, 1]);
      expect(await range({ offset: 3, length: 9 })).toEqual([3, 4]);
      expect(await range({ offset: 1, length: 0 })).toEqual([]);
      expect(await range({ offset: 5, length: 1 })).toEqual([]);
      expect(await range({ offset: 77, length: 3 })).toEqual([]);
      expect(await range({ suffixLength: 2 })).toEqual([3, 4]);
      expect(await range({ suffixLength: 0 })).toEqual([]);
      expect(await range({ suffixLength: 99 })).toEqual([0, 1, 2, 3, 4]);
      await expect(store.getRange(key, { offset: -1, length: 2 })).rejects.toThrow(InvalidInput);
      await expect(store.getRange(key, { offset: 0.5, length: 2 })).rejects.toThrow(InvalidInput);
      await expect(store.getRange(key, { suffixLength: NaN })).rejects.toThrow(InvalidInput);
    });

    it("lets exactly one of many put a key that is absent", async () => {
      const key = `${root}/manifest.json`;
      const attempts = await Promise.all(
        Array.from({ length: 12 }, (_, i) => store.putIfAbsent(key, text(`attempt ${i}`))),
      );
      expect(attempts.filter(Boolean)).toHaveLength(1);
      const winner = attempts.indexOf(true);
      expect(Buffer.from((await store.get(key))!).toString()).toBe(`attempt ${winner}`);
      expect(await store.putIfAbsent(key, text("late"))).toBe(false);
      await store.delete(key);
      expect(await store.putIfAbsent(key, text("anew"))).toBe(true);
    });

    it("lists by prefix in key order, names of every kind included", async () => {
      const keys = [
        "a/1",
        "a/10",
        "a/2",
        "a-b",
        "a.c",
        "a/b/007",
        "a/b/c d&+é%2F",
        "ab",
        "b/a",
      ].map((key) => `${root}/list/${key}`);
      for (const [i, key] of keys.entries()) await store.put(key, new Uint8Array(i));
      const byUtf8 = [...keys].sort((x, y) => Buffer.compare(Buffer.from(x), Buffer.from(y)));
      expect(await listAll(store, `${root}/list/`)).toEqual(
        byUtf8.map((key) => ({ key, bytes: keys.indexOf(key) })),
      );
      for (const prefix of ["a", "a/", "a/b", "a/1", "none", "b/a"]) {
        const found = await listAll(store, `${root}/list/${prefix}`);
        const expected = byUtf8.filter((key) => key.startsWith(`${root}/list/${prefix}`));
        expect(
          found.map(({ key }) => key),
          prefix,
        ).toEqual(expected);
      }
    });

    it("deletes, and deletes again without complaint", async () => {
      await store.put(`${root}/a`, bytes(1));
      await store.delete(`${root}/a`);
      expect(await store.get(`${root}/a`)).toBeUndefined();
      await store.delete(`${root}/a`);
    });

    it("survives an object of several megabytes, to the byte", async () => {
      const large = new Uint8Array(9 * 1024 * 1024).map((_, i) => (i * 31) >> 3);
      await store.put(`${root}/large`, large);
      expect(Buffer.compare((await store.get(`${root}/large`))!, large)).toBe(0);
      const part = await store.getRange(`${root}/large`, { offset: 5_000_000, length: 1000 });
      expect(Buffer.compare(part!, large.subarray(5_000_000, 5_001_000))).toBe(0);
    });

    it("refuses keys that leave their root or that some store cannot hold", async () => {
      const bad = ["", "/a", "a/", "a//b", "../a", "a/../b", "a/..", "./a", "a\0b", "a\\b", "a\nb"];
      for (const key of [...bad, "x".repeat(256), "x/".repeat(600) + "x", "a\ud800"]) {
        for (const use of [
          () => store.get(key),
          () => store.put(key, bytes(1)),
          () => store.putIfAbsent(key, bytes(1)),
          () => store.head(key),
          () => store.delete(key),
          () => store.getRange(key, { offset: 0, length: 1 }),
        ]) {
          await expect(use(), JSON.stringify(key.slice(0, 20))).rejects.toThrow(InvalidInput);
        }
      }
      await expect(listAll(store, "../")).rejects.toThrow(InvalidInput);
    });

    it("says where a key is", () => {
      expect(store.url("a/b")).toMatch(/a\/b$/);
    });
  });
}
