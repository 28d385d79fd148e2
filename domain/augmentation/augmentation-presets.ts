import type { AugmentationConfig } from "./augmentation-config.ts";

export const AUGMENTATION_NAMES = ["none", "light", "medium", "strong", "contrastive"] as const;

export type AugmentationName = (typeof AUGMENTATION_NAMES)[number];

/** Slices have no up: any turn, and with it any mirror image. */
const ANY_ANGLE = [0, 360] as const;

/**
 * Augmentations by name.
 *
 * - `light`: what sorting learns from within minutes (localization.md, section 8.2).
 * - `medium`, `strong`: after the authors' `medium_aug_rot` and `strong_aug` (method.md, section
 *   1.2). Theirs are for 8-bit images of 512 pixels; here 255 grey levels are the 10 units that a
 *   view's values span, lengths are shares of the side, and "one of" is each with its share of the
 *   chance. A Gaussian stands for their three kinds of blur, an elastic deformation for glass blur,
 *   a window for the two histogram equalizations; any angle for ±45 degrees. Not theirs, but what
 *   scanners do: rings, streaks, shot noise, low resolution; and cutout.
 * - `contrastive`: random resized crops and what SimCLR and MoCo v3 do to grey images (section 3.3).
 */
export const AUGMENTATIONS: Readonly<Record<AugmentationName, AugmentationConfig>> = {
  none: {},
  light: {
    affine: { p: 1, angle: ANY_ANGLE, shift: 1 / 16, zoom: [0.85, 1.15], mirror: 0 },
    noise: { p: 1, sd: [0, 0.15] },
    intensity: { p: 1, gain: [0.85, 1.15], offset: [-0.1, 0.1] },
  },
  medium: {
    affine: { p: 1, angle: ANY_ANGLE, shift: 1 / 16, zoom: [0.9, 1.1], mirror: 0.5 },
    grid: { p: 0.25, cells: 5, amount: 0.2 },
    elastic: { p: 0.25, spacing: 1 / 8, amount: [0, 0.01] },
    blur: { p: 0.5, sigma: [0.1, 1] },
    lowResolution: { p: 0.1, factor: [2, 2] },
    shotNoise: { p: 0.2, sd: [0, 0.3] },
    ring: { p: 0.2, count: [1, 4], amount: [0, 0.4], width: [0.5, 1] },
    streak: { p: 0.1, count: [1, 4], amount: [0, 0.4], width: [0.5, 1] },
    noise: { p: 0.5, sd: [0.175, 0.277] },
    window: { p: 0.2, width: [0.7, 1], shift: 0.1 },
    gamma: { p: 0.25, gamma: [0.9, 1.1] },
    intensity: { p: 0.25, gain: [0.8, 1.2], offset: [-2, 2] },
    cutout: { p: 0.1, count: [1, 2], size: [0.05, 0.2] },
  },
  strong: {
    affine: { p: 1, angle: ANY_ANGLE, shift: 1 / 16, zoom: [0.9, 1.1], mirror: 0.5 },
    grid: { p: 0.25, cells: 5, amount: 0.5 },
    elastic: { p: 0.25, spacing: 1 / 8, amount: [0, 0.02] },
    blur: { p: 0.5, sigma: [0.1, 2] },
    lowResolution: { p: 0.2, factor: [2, 4] },
    shotNoise: { p: 0.3, sd: [0, 0.5] },
    ring: { p: 0.3, count: [1, 8], amount: [0, 1], width: [0.5, 2] },
    streak: { p: 0.2, count: [1, 8], amount: [0, 1], width: [0.5, 2] },
    noise: { p: 0.5, sd: [0.277, 0.392] },
    window: { p: 0.2, width: [0.5, 1], shift: 0.25 },
    gamma: { p: 0.17, gamma: [0.3, 1.7] },
    solarize: { p: 0.17, threshold: [0.25, 0.75] },
    intensity: { p: 0.17, gain: [0.6, 1.4], offset: [-4, 4] },
    cutout: { p: 0.2, count: [1, 4], size: [0.05, 0.25] },
  },
  contrastive: {
    crop: { p: 1, area: [0.3, 1], aspect: [3 / 4, 4 / 3] },
    affine: { p: 1, angle: ANY_ANGLE, shift: 0, zoom: [1, 1], mirror: 0.5 },
    elastic: { p: 0.2, spacing: 1 / 8, amount: [0, 0.01] },
    blur: { p: 0.5, sigma: [0.1, 2] },
    lowResolution: { p: 0.1, factor: [2, 4] },
    ring: { p: 0.2, count: [1, 4], amount: [0, 0.4], width: [0.5, 1] },
    noise: { p: 0.5, sd: [0, 0.3] },
    gamma: { p: 0.3, gamma: [0.7, 1.5] },
    intensity: { p: 0.8, gain: [0.6, 1.4], offset: [-0.4, 0.4] },
    cutout: { p: 0.2, count: [1, 2], size: [0.1, 0.25] },
  },
};
