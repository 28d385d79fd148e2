import type { Box } from "../../../domain/volumes/shape.ts";
import type { CropInput, PreparedScan } from "../../../schemas/stages.ts";
import { asActivity } from "../stage/fake-stage.ts";
import type { inProcess } from "./in-process.ts";

const mutable = (box: Box) => structuredClone(box) as unknown as CropInput["box"];

/** Reconcile by energy and crop, as `analyseScan` does without an encoder. */
export async function analyse(
  { activities, spec }: Awaited<ReturnType<typeof inProcess>>,
  prepared: PreparedScan,
  byHand?: Box,
) {
  return asActivity(async () => {
    const about = { batch: "b", scan: prepared.scan };
    const decided = await activities.reconcile({
      ...about,
      spec,
      prepared,
      profiles: [],
      ...(byHand === undefined ? {} : { byHand: mutable(byHand) }),
    });
    const { box, margin, confidence } = decided.result;
    if (box === undefined || margin === undefined) return { decided };
    const cropped = await activities.crop({
      ...about,
      volume: prepared.volume,
      box: mutable(box),
      margin: mutable(margin),
      confidence,
      reconcile: decided.key,
    });
    return { decided, cropped };
  });
}
