/** What a phantom can be of. */
export const SPECIMENS = {
  fish: "a bent fish with spine, eyes, brain, gut and sometimes yolk",
  embryo: "a curled embryo with brain, eyes, heart, liver, somites and limb buds on its yolk",
  plant: "a stem with vascular bundles, shoots, thin leaves and a bud",
} as const;

export type SpecimenName = keyof typeof SPECIMENS;
