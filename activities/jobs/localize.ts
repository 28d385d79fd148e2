import { NotFound, InvalidInput } from "../../domain/errors.ts";
import { scoreSlices } from "../../domain/localization/score-slices.ts";
import { scoreWindows } from "../../domain/localization/score-windows.ts";
import { sliceQuantiles } from "../../domain/localization/slice-quantiles.ts";
import { openEncoder } from "../../domain/pretexts/encoder-file.ts";
import { AXIS_NAMES, type Axis } from "../../domain/volumes/shape.ts";
import { keys } from "../../schemas/names.ts";
import type { EncoderRef, ViewRef } from "../../schemas/volume.ts";
import { driveSteps } from "../engine/drive-steps.ts";
import type { Job, JobContext } from "../engine/job.ts";
import { useTensorFlow } from "../engine/use-tensorflow.ts";
import type { LocalizeResult } from "../localize-axis.ts";
import { type Certainty, writeCertainty } from "../stage/certainty.ts";
import type { JobOutcome } from "../stage/run-stage.ts";
import { readView } from "../stage/view-store.ts";
import type { JobDeps } from "./index.ts";

export interface LocalizeJob {
  readonly key: string;
  readonly view: ViewRef;
  readonly encoder: EncoderRef;
  readonly axis: Axis;
  /** Between windows, in voxels of the view (windows). */
  readonly stride?: number;
  /** Whole-slice score (slices). */
  readonly score?: "tta" | "p0";
}

/** A slice is as certain as its most certain windows, but for outliers. */
const QUANTILE = 0.97;

/** Score the slices along one axis, in windows or whole, as the encoder was pretrained. */
export function createLocalizeJob({
  store,
  addon,
}: JobDeps): Job<LocalizeJob, JobOutcome<LocalizeResult>> {
  return async function localize(input, context) {
    await useTensorFlow(addon);
    const view = await readView(store, input.view);
    const path = `${keys.encoder(input.encoder.key)}/encoder.bin`;
    const bytes = await store.get(path);
    if (bytes === undefined) throw new NotFound(`${store.url(path)} does not exist`);
    const { config, network } = openEncoder(bytes);
    try {
      if (network.pretext !== "rotation") {
        throw new InvalidInput(
          `Encoder ${input.encoder.key} was pretrained by ${network.pretext}; localization needs rotation`,
        );
      }
      const { axis } = input;
      let certainty: Certainty;
      if (config.view === "windows") {
        const { windowSize } = config;
        const stride = input.stride ?? 4;
        const map = await drive(
          scoreWindows(network, view, axis, { windowSize, stride }),
          context,
          axis,
        );
        const values = [...sliceQuantiles(map.values, QUANTILE)[axis]];
        certainty = {
          axis,
          profile: { values, offset: map.offset, stride: map.stride },
          map,
          windowRadius: windowSize / 2,
        };
      } else {
        const { imageSize } = config;
        const score = input.score ?? "tta";
        const values = [
          ...(await drive(scoreSlices(network, view, axis, { imageSize, score }), context, axis)),
        ];
        certainty = { axis, profile: { values, offset: 0, stride: 1 } };
      }
      const output = await writeCertainty(store, input.key, certainty);
      const { values } = certainty.profile;
      const range = [Math.min(...values), Math.max(...values)] as const;
      return { result: { axis, range }, outputs: [output] };
    } finally {
      network.dispose();
    }
  };
}

/** Run a scoring to its end between cancellations. */
function drive<T>(
  steps: AsyncGenerator<{ readonly fraction: number }, T, void>,
  context: JobContext,
  axis: Axis,
): Promise<T> {
  const note = `scoring along ${AXIS_NAMES[axis]}`;
  return driveSteps(steps, context, (step) => context.progress({ ...step, note }));
}
