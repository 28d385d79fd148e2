import { isDomainError } from "../../domain/errors.ts";
import type { ResolvedBatch, ResolvedScan } from "../../schemas/batch.ts";
import { type Fingerprint, fingerprint } from "../jobs/fingerprint.ts";
import { scanSource } from "../sources/scan-source.ts";
import { downscaleParts, ingestParts, suppressParts } from "../stage-parts.ts";
import { workingLevel } from "../working-level.ts";
import { failingStep, type Past, planStep, unknownStep } from "./plan-step.ts";
import type { PlanStep } from "./plan-types.ts";

export interface PreparePlan {
  readonly scan: ResolvedScan;
  readonly steps: readonly PlanStep[];
  /** Digest of the volume; absent where the scan cannot be ingested. */
  readonly volume?: string;
  /** Key of the view; absent where it is not known yet. */
  readonly view?: string;
}

export interface PrepareOptions {
  /** Take a source that was ingested under this scan's id to be as it was, and do not read it. */
  readonly trustSources: boolean;
  readonly signal: AbortSignal;
}

/** What preparing one scan would do: ingest, downscale, suppress; its labels likewise. */
export async function planPrepare(
  past: Past,
  { downscale, container }: Pick<ResolvedBatch, "downscale" | "container">,
  scan: ResolvedScan,
  options: PrepareOptions,
): Promise<PreparePlan> {
  const about = { scan: scan.id };
  const steps: PlanStep[] = [];
  const bring = async (labels: boolean) => {
    const part = labels ? ({ part: "labels" } as const) : {};
    const source = scanSource(scan, labels);
    const known = options.trustSources && !labels ? await knownSource(past, scan.id) : undefined;
    const read = () =>
      fingerprint({ source }, { signal: options.signal, progress: () => undefined });
    const named = await planStep(
      past,
      { ...about, ...part },
      ingestParts(source, known ?? (await read()), labels),
    );
    steps.push(named.step);
    const pyramid = await planStep(
      past,
      { ...about, ...part },
      downscaleParts(named.key, labels ? "mode" : "mean"),
    );
    steps.push(pyramid.step);
    return { volume: named.key, pyramid: pyramid.found };
  };
  try {
    const { volume, pyramid } = await bring(false);
    if (scan.labels !== undefined) await bring(true);
    if (pyramid === undefined) {
      steps.push(await unknownStep(past, { ...about, stage: "suppress" }, "downscale"));
      return { scan, steps, volume };
    }
    const { shapes } = pyramid.result as unknown as { shapes: readonly (readonly number[])[] };
    const level = workingLevel(shapes, downscale.targetSize);
    const view = await planStep(past, about, suppressParts(volume, level, container.suppress));
    steps.push(view.step);
    return { scan, steps, volume, view: view.key };
  } catch (error) {
    if (!isDomainError(error)) throw error;
    return { scan, steps: [...steps, failingStep({ ...about, stage: "ingest" }, error.message)] };
  }
}

/** What the source of a scan was when it was ingested last. */
async function knownSource(
  { history, earlier }: Past,
  scan: string,
): Promise<Fingerprint | undefined> {
  for (const key of earlier.of(scan, "ingest")) {
    const parts = (await history.read("ingest", key))?.parts;
    const { source } = parts?.inputs ?? {};
    const format = parts?.parameters["format"];
    if (typeof source === "string" && typeof format === "string") return { digest: source, format };
  }
  return undefined;
}
