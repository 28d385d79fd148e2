import type { BatchSpec, PretrainParameters } from "../schemas/batch.ts";

type Given = NonNullable<BatchSpec["pretrain"]>;
type Method = NonNullable<NonNullable<BatchSpec["localize"]>["method"]>;

/** What the user left open in `pretrain`, from what the rest of the batch says. */
export function derivePretrain(given: Given, method: Method): PretrainParameters {
  const { pretext } = given;
  const slices = method === "rotation" || (pretext !== undefined && pretext !== "rotation");
  const view = given.view ?? (slices ? "slices" : "windows");
  const encoder = given.encoder ?? (view === "windows" ? "window-net" : "resnet18");
  return {
    ...given,
    view,
    encoder,
    width: given.width ?? (encoder === "window-net" ? 24 : 16),
    batchSize: given.batchSize ?? (pretext === "sorting" ? 12 : view === "windows" ? 96 : 32),
    twinRange: given.twinRange ?? (pretext === "simclr" || pretext === "mocov3" ? 0 : 0.05),
    augmentation: given.augmentation ?? (pretext === "sorting" ? "light" : "contrastive"),
    temperature: given.temperature ?? (pretext === "mocov3" ? 0.2 : 0.07),
  }; // the schema filled in the rest
}

const DERIVED = [
  "temperature",
  "augmentation",
  "twinRange",
  "batchSize",
  "width",
  "encoder",
  "view",
] as const;

/**
 * Take back what `derivePretrain` would derive anyway, so that a changed method or pretext derives
 * anew instead of colliding with what was derived for the old one.
 */
export function forgetDerived(resolved: PretrainParameters, method: Method): Given {
  const given: Given = { ...resolved };
  for (const name of DERIVED) {
    const without = { ...given };
    delete without[name];
    if (derivePretrain(without, method)[name] === resolved[name]) delete given[name];
  }
  return given;
}
