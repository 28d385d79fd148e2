import { expect, test } from "vitest";
import { parseCampaign, resolveCampaign } from "../../cli/resolve-campaign.ts";
import { InvalidInput } from "../../domain/errors.ts";
import type { BatchStatus } from "../../schemas/result.ts";

const [A, B, FISH] = ["a", "b", "f"].map((letter) => letter.repeat(64)) as [string, string, string];

/** A finished batch whose scans have these views. */
function batch(views: Readonly<Record<string, string>>): BatchStatus {
  const scans = Object.entries(views).map(([scan, key]) => ({ scan, prepared: { view: { key } } }));
  return { batch: "night", scans } as unknown as BatchStatus;
}

const latest = (collection: string, view: string) =>
  Promise.resolve(collection === "fish" && view === "windows" ? FISH : undefined);

function resolve(change: object, batches = [batch({ one: B, two: A })]) {
  const request = parseCampaign({ campaign: "c", batches: ["night"], ...change });
  return resolveCampaign(request, batches, latest);
}

test("trains on every view once, in the order of their keys", async () => {
  const { spec, steps } = await resolve({}, [batch({ one: B, two: A }), batch({ again: A })]);
  expect(spec.views.map(({ key }) => key)).toEqual([A, B]);
  expect(spec).toMatchObject({ collection: "default", parameters: { view: "windows" } });
  expect(steps).toBe(1200);
});

test("starts from a named encoder, or from the latest of any collection, and another one is another campaign", async () => {
  const cold = await resolve({});
  const warm = await resolve({ warmStart: "latest:fish" });
  expect(cold.spec.warmStart).toBeUndefined();
  expect(warm.spec.warmStart).toBe(FISH);
  expect((await resolve({ warmStart: FISH })).spec).toEqual(warm.spec);
  expect(warm.spec.key).not.toBe(cold.spec.key);
});

test("says which collection has no encoder of the view to start from", async () => {
  await expect(resolve({ warmStart: "latest:birds" })).rejects.toThrow(
    "c: collection birds has no encoder for this view yet (warmStart)",
  );
  await expect(resolve({ warmStart: "latest:fish", pretrain: { view: "slices" } })).rejects.toThrow(
    InvalidInput,
  );
});

test("a curriculum is a parameter, and changes what is learned", async () => {
  const curriculum = [
    { until: 0.3, angles: [-90, 0, 90], smooth: 1 },
    { until: 0.6, views: 0.5 },
  ];
  const { spec } = await resolve({ pretrain: { curriculum } });
  expect(spec.parameters).toMatchObject({ curriculum });
  expect(spec.key).not.toBe((await resolve({})).spec.key);
});

test.each([
  [{ warmStart: "encoder-7" }, "/warmStart"],
  [{ pretrain: { curriculum: [{ until: 2 }] } }, "/pretrain/curriculum/0/until"],
  [
    { pretrain: { curriculum: [{ until: 1, angles: [0, 45] }] } },
    "/pretrain/curriculum/0/angles/1",
  ],
  [{ pretrain: { pretext: "simclr", view: "windows" } }, "/pretrain/pretext"],
  [
    { pretrain: { curriculum: [{ until: 0.5 }, { until: 0.2 }] } },
    "/pretrain: Expected curriculum[1]",
  ],
  [{ pretrain: { patience: 3 } }, "/pretrain: Expected a validation share"],
  [{ pretrain: { from: "latest" } }, "/pretrain/from"],
  [{ pretrain: { pretext: "rotation", dropouts: [0.5] } }, "/pretrain/dropouts"],
])("refuses %j, naming %s", async (change, at) => {
  await expect(async () => resolve(change)).rejects.toThrow(at);
});

test.each(["sorting", "simclr", "mocov3"])(
  "%s learns from whole slices with a ResNet",
  async (pretext) => {
    const { spec } = await resolve({ pretrain: { pretext } });
    expect(spec.parameters).toMatchObject({ pretext, view: "slices", encoder: "resnet18" });
  },
);
