import { readFile, writeFile } from "node:fs/promises";
import { NotFound } from "../../domain/errors.ts";
import type { PretextNetwork } from "../../domain/pretexts/create-pretext-network.ts";
import { openEncoder } from "../../domain/pretexts/encoder-file.ts";
import { chooseRunner } from "../training/choose-runner.ts";
import type { JobContext } from "../engine/job.ts";
import { createDrawAhead } from "../training/draw-ahead.ts";
import { replacePath } from "../volumes/replace-path.ts";
import type { SplitRequest } from "./evaluation-request.ts";
import type { OpenedScan } from "./open-scans.ts";
import { trainWithin } from "./train-within.ts";
import type { TrainedWithin } from "./train-within.ts";

/**
 * Train on the training scans of a split and write the encoder where the request says, for
 * `--warm-start`. The caller disposes the network, which is that encoder's.
 */
export async function runSplit<M>(
  request: Omit<SplitRequest, "split" | "open">,
  training: readonly OpenedScan[],
  context: JobContext,
  measure: (network: PretextNetwork) => Promise<M>,
): Promise<{ readonly network: PretextNetwork; readonly trained: TrainedWithin<M> }> {
  const { config, budget, warmStart, encoder: path } = request;
  const { signal, progress } = context;
  const { encoder, trained } = await trainWithin(
    config,
    training.map(({ view }) => view),
    {
      budget,
      measure,
      createRunner: chooseRunner(config, (note) => progress({ fraction: 0, note })),
      createDraw: (config, views) => {
        const last = config.steps * (config.accumulate ?? 1);
        return createDrawAhead({ config, views, signal, last });
      },
      ...(warmStart === undefined ? {} : { warmStart: await readEncoder(warmStart) }),
    },
    context,
  );
  await replacePath(path, (part) => writeFile(part, encoder));
  return { network: openEncoder(encoder).network, trained };
}

function readEncoder(path: string): Promise<Uint8Array> {
  return readFile(path).catch((cause: unknown) => {
    throw new NotFound(`Cannot read the encoder ${path}: ${String(cause)}`, { cause });
  });
}
