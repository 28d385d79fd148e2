/** How long steps wait for their batches: a pretraining as campaigns run it. Prints JSON. */
import { compiledOrEager } from "../../../activities/engine/graph/compiled-or-eager.ts";
import { useTensorFlow } from "../../../activities/engine/use-tensorflow.ts";
import { createDrawAhead } from "../../../activities/training/draw-ahead.ts";
import { createPretext } from "../../../domain/pretexts/create-pretext.ts";
import type { PretrainConfig } from "../../../domain/pretexts/pretrain-config.ts";
import { ballView } from "../../support/views.ts";
import { WARM } from "./setting.ts";

const config = JSON.parse(process.argv[3]!) as PretrainConfig;
await useTensorFlow(process.env["MICROTOME_TFJS_ADDON"]);
const views = [1, 2, 3, 4].map((seed) => ballView(64, 20, seed));
const pretext = await createPretext(config, views, {
  createRunner: compiledOrEager((reason) => {
    throw new Error(reason);
  }),
  createDraw: (config, views) => createDrawAhead({ config, views, last: config.steps }),
  clock: () => performance.now(),
});
const cpuFrom = process.cpuUsage();
const times: { readonly milliseconds: number; readonly waited: number }[] = [];
for await (const { step, milliseconds, waited } of pretext.train()) {
  if (step > WARM) times.push({ milliseconds: milliseconds!, waited: waited! });
}
const sum = (pick: (time: (typeof times)[number]) => number) =>
  times.reduce((total, time) => total + pick(time), 0);
const { user, system } = process.cpuUsage(cpuFrom);
process.stdout.write(
  `${JSON.stringify({
    seconds: sum(({ milliseconds }) => milliseconds) / 1000 / times.length,
    waiting: sum(({ waited }) => waited) / sum(({ milliseconds }) => milliseconds),
    cpuSeconds: (user + system) / 1e6,
    peakBytes: 0,
  })}\n`,
);
pretext.dispose();
