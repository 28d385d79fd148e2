import * as tf from "@tensorflow/tfjs";
import { knnAccuracy } from "../metrics/knn-accuracy.ts";
import { linearProbe } from "../metrics/linear-probe.ts";
import { INFERENCE } from "../networks/mode.ts";
import type { PretextNetwork } from "../pretexts/create-pretext-network.ts";
import { samplePlane } from "../pretexts/sample-plane.ts";
import { createSliceStack } from "../pretexts/slice-stack.ts";
import { createStencil } from "../pretexts/stencil.ts";
import type { View } from "./view.ts";

/** What can be told of a slice's place from its embedding by those who see other scans only. */
export interface PositionProbe {
  /** Share of slices whose fifth of the axis the nearest slices of other scans vote for, 0 to 1. */
  readonly knn: number;
  /** The same, told by a linear map that is fitted to the other scans. */
  readonly linear: number;
  /** Of guessing. */
  readonly chance: number;
}

/** Parts of the axis that are told apart. */
const PARTS = 5;

/** Slices per view, evenly over the axis: neighbours would say the same. */
const SLICES = 25;

const MOST_VIEWS = 12;

/**
 * Probe an encoder of whole slices without labels: from which fifth of the axis is a slice? It takes
 * specimens that point the same way. Undefined for fewer than two views, or views of fewer slices
 * than there are parts. Yields the share that is done.
 *
 * @see Wu et al. 2018, https://arxiv.org/abs/1805.01978, for probing by neighbours
 */
export async function* probePosition(
  { embed }: Pick<PretextNetwork, "embed">,
  views: readonly View[],
  { imageSize }: { readonly imageSize: number },
): AsyncGenerator<number, PositionProbe | undefined, void> {
  const looked = views.filter(({ values }) => values.shape[0] >= PARTS).slice(0, MOST_VIEWS);
  if (looked.length < 2) return undefined;
  const rows: Float32Array[] = [];
  const labels: number[] = [];
  const groups: number[] = [];
  for (const [group, view] of looked.entries()) {
    const { images, places } = evenSlices(view, imageSize);
    const embeddings = tf.tidy(() =>
      embed(tf.tensor4d(images, [places.length, imageSize, imageSize, 1]), INFERENCE),
    );
    rows.push(Float32Array.from(await embeddings.data<"float32">()));
    embeddings.dispose();
    labels.push(...places.map((place) => Math.min(PARTS - 1, Math.floor(place * PARTS))));
    groups.push(...places.map(() => group));
    yield (group + 1) / looked.length;
  }
  const values = Float64Array.from(rows.flatMap((row) => [...row]));
  const matrix = { rows: labels.length, columns: values.length / labels.length, values };
  return {
    knn: knnAccuracy(matrix, labels, { groups }),
    linear: linearProbe(matrix, labels, { groups }),
    chance: 1 / PARTS,
  };
}

/** Slices evenly over the axis as a network sees them, and where each lies, 0 to 1. */
function evenSlices({ values }: View, imageSize: number) {
  const { count, plane, row, column, scale } = createSliceStack(values, 0, imageSize);
  const taken = Math.min(SLICES, count);
  const slices = Array.from({ length: taken }, (_, i) => Math.floor(((i + 0.5) * count) / taken));
  const stencil = createStencil(imageSize, Infinity);
  const area = imageSize ** 2;
  const images = new Float32Array(taken * area);
  const pose = { row, column, scale, angle: 0, gain: 1 };
  slices.forEach((slice, n) => samplePlane(plane(slice), stencil, pose, images, n * area));
  return { images, places: slices.map((slice) => (slice + 0.5) / count) };
}
