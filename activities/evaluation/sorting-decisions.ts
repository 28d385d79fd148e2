import { createPretextNetwork } from "../../domain/pretexts/create-pretext-network.ts";
import type { SortingNetwork } from "../../domain/pretexts/pretext-network.ts";
import type { JobContext } from "../engine/job.ts";
import type { ScoreBoxes } from "./create-scorer.ts";
import type { Looked } from "./decide-boxes.ts";
import type { LocalizeRequest } from "./localization-request.ts";
import type { OpenedScan } from "./open-scans.ts";
import { superpixelEvidence } from "./superpixel-evidence.ts";

const RULES = { top: "top 3 %", otsu: "Otsu" } as const;
const MAPS = { embedding: "embeddings", score: "scores" } as const;

/**
 * Localize by sorting, as the paper does (the most varying 3 % of superpixels) and as was measured to
 * be better (Otsu), with an untrained network of the same dropout beside it: what it finds, dropout
 * finds by itself. The decision is Otsu's of the embeddings; nothing is kept whole for doubt.
 */
export async function localizeBySorting(
  network: SortingNetwork,
  config: LocalizeRequest["config"],
  scans: readonly OpenedScan[],
  score: ScoreBoxes,
  { signal, progress }: JobContext,
): Promise<Looked> {
  const half = (from: number): JobContext => ({
    signal,
    progress: (step) => progress({ ...step, fraction: from + 0.5 * step.fraction }),
  });
  const found = await superpixelEvidence(network, scans, config, half(0));
  const untrained = createPretextNetwork({ ...config, steps: 1, seed: config.seed + 1 });
  try {
    const control = await superpixelEvidence(untrained as SortingNetwork, scans, config, half(0.5));
    const named = ({ boxes }: typeof found, who: string) =>
      boxes.map(({ map, rule, boxes }) => score(`${who}, ${RULES[rule]} of ${MAPS[map]}`, boxes));
    const chosen = found.boxes.find(({ map, rule }) => map === "embedding" && rule === "otsu")!;
    return {
      parts: [...named(found, "sorting"), ...named(control, "untrained")],
      decide(_, i) {
        const box = chosen.boxes[i];
        const profiles = found.profiles[i]!;
        const nothing = ["The variance is the same everywhere"];
        return box === undefined
          ? { outcome: "kept-whole", confidence: 0, reasons: nothing, boxes: {}, profiles }
          : { outcome: "cropped", box, confidence: 1, reasons: [], boxes: {}, profiles };
      },
    };
  } finally {
    untrained.dispose();
  }
}
