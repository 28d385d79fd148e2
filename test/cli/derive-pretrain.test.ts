import { expect, test } from "vitest";
import { derivePretrain, forgetDerived } from "../../cli/derive-pretrain.ts";
import { resolveBatch } from "../../cli/resolve-batch.ts";
import { parseAssignment, setPaths } from "../../cli/set-path.ts";

const resolve = (given: object) =>
  resolveBatch({ batch: "b", scans: [{ source: "a.tif" }], ...given }, "/lab").spec;

test("what was derived for one method is derived anew for another", () => {
  const { localize, pretrain, ...rest } = resolve({ pretrain: { seed: 7 } });
  const open = { ...rest, localize, pretrain: forgetDerived(pretrain, localize.method) };
  const changed = setPaths(open, [parseAssignment("localize.method=rotation")]);
  expect(resolveBatch(changed, "/").spec.pretrain).toMatchObject({
    view: "slices",
    encoder: "resnet18",
    width: 16,
    batchSize: 32,
    seed: 7,
  });
});

test("what was chosen stays chosen", () => {
  const { pretrain } = resolve({
    localize: { method: "rotation" },
    pretrain: { encoder: "resnet34", batchSize: 5 },
  });
  const open = forgetDerived(pretrain, "rotation");
  expect(open).toMatchObject({ encoder: "resnet34", batchSize: 5 });
  expect(open).not.toHaveProperty("view");
  expect(open).not.toHaveProperty("width");
});

test("forgetting and deriving again changes nothing", () => {
  for (const method of ["windows", "rotation", "energy"] as const) {
    const { pretrain } = resolve({ localize: { method } });
    expect(derivePretrain(forgetDerived(pretrain, method), method)).toEqual(pretrain);
  }
});
