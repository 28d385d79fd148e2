/** Attenuation and organ at one point of a specimen. */
export interface Tissue {
  /** μ relative to water, without texture. */
  mu: number;
  /** One of `ORGANS`, never background. */
  label: number;
  /** Strength of the texture here relative to muscle. */
  texture: number;
}

/** How strong a specimen is. */
export interface Staining {
  /** μ that the contrast stands above: of the surrounding medium where there is one. */
  readonly mediumMu: number;
  /** μ of tissue above the medium. */
  readonly contrast: number;
  /** Whether a fish has a yolk sac. */
  readonly hasYolk: boolean;
}

/**
 * Put an organ over what a tissue is already: `cover` of the voxel, 0 to 1, gets `mu` more and the
 * organ's texture; the label follows where the organ fills at least half.
 */
export function put(
  tissue: Tissue,
  cover: number,
  mu: number,
  label: number,
  texture: number,
): void {
  if (cover <= 0) return;
  tissue.mu += cover * mu;
  tissue.texture = Math.max(0, tissue.texture + cover * (texture - 1));
  if (cover >= 0.5) tissue.label = label;
}
