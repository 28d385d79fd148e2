/** What can be out of the ordinary about a phantom. */
export const PHANTOM_CASES = {
  none: "nothing: one specimen, clear of everything",
  empty: "no specimen at all",
  two: "two specimens, smaller and apart",
  "touching-wall": "the specimen pressed against the wall or the bed",
  staple: "a metal staple beside the specimen: photon starvation and streaks",
  "upside-down": "the specimen head down",
  cut: "the specimen reaches out of the field of view",
  full: "medium up to the top: neither air nor meniscus",
} as const;

export type PhantomCase = keyof typeof PHANTOM_CASES;
