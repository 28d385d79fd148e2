import type { ShortcutReport } from "../../schemas/campaign.ts";

const NAMES: Readonly<Record<string, string>> = {
  displacement: "all slices",
  insideSpecimen: "inside the specimen",
  outsideSpecimen: "outside",
  annulusMasked: "rim masked",
  bestTrivial: "best trivial order",
  floor: "floor without a shortcut",
  random: "random",
  p0Specimen: "p0 in the specimen",
  p0Background: "p0 on background",
  p0Auc: "AUC of p0",
  ttaAuc: "AUC of turned copies",
  chance: "chance",
  placeKnn: "fifth of the axis by nearest neighbours",
  placeLinear: "by a linear probe",
  placeChance: "by guessing",
};

const HEADS = {
  sorting: "displacement",
  rotation: "certainty",
  simclr: "embeddings",
  mocov3: "embeddings",
} as const;

/** What a pretext is solved by, as one line of numbers with names that people know. */
export function describeShortcut({ pretext, numbers }: ShortcutReport): string {
  const shown = Object.entries(NAMES)
    .filter(([name]) => numbers[name] !== undefined)
    .map(([name, words]) => `${words} ${numbers[name]!.toFixed(2)}`);
  return `${HEADS[pretext]}: ${shown.join(", ")}`;
}
