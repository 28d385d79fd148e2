import { boundingBox } from "../volumes/bounding-box.ts";
import { createRandom } from "../random.ts";
import type { Random } from "../random.ts";
import { ANGLES, radians, ZERO_CLASS } from "../pretexts/angles.ts";
import { diagnoseRotation } from "../pretexts/diagnose-rotation.ts";
import type { RotationDiagnostics, RotationScores } from "../pretexts/diagnose-rotation.ts";
import { otherAxes, planeOf } from "../pretexts/plane.ts";
import type { PretrainConfig } from "../pretexts/pretrain-config.ts";
import type { RotationNetwork } from "../pretexts/pretext-network.ts";
import { samplePlane } from "../pretexts/sample-plane.ts";
import { windowStencil } from "../pretexts/stencil.ts";
import type { Axis, Mask } from "../volumes/shape.ts";
import { drain } from "./drain.ts";
import { energyLocalizer } from "./energy.ts";
import { meanCertainty } from "./mean-certainty.ts";
import { scoreSlices } from "./score-slices.ts";
import type { View } from "./view.ts";

type Shape = Pick<PretrainConfig, "imageSize" | "windowSize" | "view" | "seed">;

/** Enough to see a shortcut by, few enough to look at after every round. */
const MOST_VIEWS = 6;

/** Every slice of a view is scored at seven angles, twice. */
const MOST_VIEWS_OF_SLICES = 2;

/** Windows per view and kind. */
const WINDOWS = 96;

/**
 * What a network tells angles by: scores of windows (or of slices along z) in the specimen and in
 * the background, which are the label-free energy localizer's. Undefined where there is nothing to
 * compare. Yields the share that is done.
 */
export async function* diagnoseRotationNetwork(
  network: RotationNetwork,
  views: readonly View[],
  shape: Shape,
): AsyncGenerator<number, RotationDiagnostics | undefined, void> {
  const [p0, tta] = [emptyScores(), emptyScores()];
  const looked = views.slice(0, shape.view === "windows" ? MOST_VIEWS : MOST_VIEWS_OF_SLICES);
  for (const [i, view] of looked.entries()) {
    const { mask } = energyLocalizer(view, { level: 0, shape0: view.values.shape });
    if (shape.view === "windows") {
      const random = createRandom(shape.seed, `diagnose-${i}`);
      await addWindows(network, view, mask, shape.windowSize, random, { p0, tta });
    } else {
      await addSlices(network, view, mask, shape.imageSize, { p0, tta });
    }
    yield (i + 1) / looked.length;
  }
  if (p0.specimen.length === 0 || p0.background.length === 0) return undefined;
  return diagnoseRotation({ p0, tta });
}

async function addSlices(
  network: RotationNetwork,
  view: View,
  mask: Mask,
  imageSize: number,
  to: { readonly p0: Scores; readonly tta: Scores },
): Promise<void> {
  const range = boundingBox(mask)?.[0];
  if (range === undefined) return;
  for (const score of ["p0", "tta"] as const) {
    const scores = await drain(scoreSlices(network, view, 0, { imageSize, score }));
    scores.forEach((value, z) => {
      to[score][z >= range[0] && z < range[1] ? "specimen" : "background"].push(value);
    });
  }
}

async function addWindows(
  network: RotationNetwork,
  view: View,
  mask: Mask,
  windowSize: number,
  random: Random,
  to: { readonly p0: Scores; readonly tta: Scores },
): Promise<void> {
  const { valid } = view;
  const box = boundingBox(mask);
  if (box === undefined) return;
  // A window reaches further than its centre: one that touches the specimen is neither kind.
  const reach = windowSize / 2;
  const near = (at: readonly number[]) =>
    box.every(([lo, hi], axis) => at[axis]! >= lo - reach && at[axis]! < hi + reach);
  const [, y, x] = valid.shape;
  const placeOf = (i: number) => [Math.floor(i / (y * x)), Math.floor(i / x) % y, i % x];
  const all = Int32Array.from(valid.data.keys()).filter((i) => valid.data[i] === 1);
  const kinds = {
    specimen: all.filter((i) => mask.data[i] === 1),
    background: all.filter((i) => !near(placeOf(i))),
  };
  for (const [kind, places] of Object.entries(kinds) as [keyof RotationScores, Int32Array][]) {
    if (places.length === 0) continue;
    const drawn = Array.from({ length: WINDOWS }, () =>
      placeOf(places[random.int(places.length)]!),
    );
    for (const [name, classes] of [
      ["p0", [ZERO_CLASS]],
      ["tta", [1, 5]],
    ] as const) {
      const images = windowsAt(
        view,
        drawn,
        classes,
        windowSize,
        name === "p0" ? undefined : random,
      );
      const certainty = meanCertainty(network, images, drawn.length, classes);
      to[name][kind].push(...(await certainty.data<"float32">()));
      certainty.dispose();
    }
  }
}

/** Windows, then the same once more per class, turned by its angle; `random` turns all of them first. */
function windowsAt(
  { values }: View,
  places: readonly (readonly number[])[],
  classes: readonly number[],
  windowSize: number,
  random: Random | undefined,
): Float32Array {
  const stencil = windowStencil(windowSize);
  const area = windowSize ** 2;
  const images = new Float32Array((1 + classes.length) * places.length * area);
  places.forEach((at, n) => {
    const axis = (n % 3) as Axis;
    const [row, column] = otherAxes(axis);
    const plane = planeOf(values, axis, at[axis]!);
    const angle = random?.uniform(0, 2 * Math.PI) ?? 0;
    const pose = { row: at[row]!, column: at[column]!, scale: 1, gain: 1 };
    [0, ...classes.map((c) => radians(ANGLES[c]!))].forEach((turn, block) => {
      const offset = (block * places.length + n) * area;
      samplePlane(plane, stencil, { ...pose, angle: angle + turn }, images, offset);
    });
  });
  return images;
}

interface Scores {
  readonly specimen: number[];
  readonly background: number[];
}

function emptyScores(): Scores {
  return { specimen: [], background: [] };
}
