import type { KeyParts, Manifest } from "../../schemas/manifest.ts";
import { contentKey } from "../stage/content-key.ts";
import { describeChange } from "./describe-change.ts";
import { nearestParts } from "./diff-parts.ts";
import type { EarlierKeys } from "./earlier-statuses.ts";
import type { Estimate, PlanStep } from "./plan-types.ts";
import { sameKind, sameSubject } from "./related.ts";
import type { StageHistory } from "./stage-history.ts";

export interface Past {
  readonly history: StageHistory;
  readonly earlier: EarlierKeys;
}

type About = Pick<PlanStep, "scan" | "part">;

/** A step of known parts: reuse where the result is there, else run, and how its key differs. */
export async function planStep(
  { history, earlier }: Past,
  about: About,
  parts: KeyParts,
): Promise<{ readonly step: PlanStep; readonly key: string; readonly found?: Manifest }> {
  const key = contentKey(parts);
  const { stage } = parts;
  const found = await history.find(parts, key);
  if (found !== undefined) {
    const summary = "nothing that its key depends on changed";
    return {
      step: { ...about, stage, decision: "reuse", key, reason: summary, summary },
      key,
      found,
    };
  }
  const named = await Promise.all(
    (about.scan === undefined ? [] : earlier.of(about.scan, stage)).map((name) =>
      history.read(stage, name),
    ),
  );
  const { manifests } = await history.sample(stage);
  const own = [
    ...named.filter((manifest) => manifest !== undefined),
    ...manifests.filter((manifest) => sameSubject(manifest.parts, parts)),
  ].filter((manifest) => sameKind(manifest.parts, parts));
  const nearest = nearestParts(parts, own);
  const changes = nearest?.changes;
  const estimate =
    nearest === undefined
      ? medianOf(manifests.filter((manifest) => sameKind(manifest.parts, parts)))
      : medianOf([nearest.nearest]);
  const step: PlanStep = {
    ...{ ...about, stage, decision: "run", key },
    reason: changes?.map((change) => describeChange(change)).join("; ") ?? "never ran",
    summary: changes?.map((change) => describeChange(change, false)).join("; ") ?? "never ran",
    ...(nearest === undefined ? {} : { changes: nearest.changes, nearest: nearest.nearest.key }),
    ...(estimate === undefined ? {} : { estimate }),
  };
  return { step, key };
}

/** A step whose key depends on what another stage has yet to say. */
export async function unknownStep(
  { history }: Past,
  about: About & Pick<PlanStep, "stage">,
  until: string,
): Promise<PlanStep> {
  const { manifests } = await history.sample(about.stage);
  const kind = (manifest: Manifest) =>
    about.part === "labels"
      ? manifest.parts.parameters["labels"] === true
      : (about.part === "network") ===
        (about.stage === "refine" && manifest.parts.parameters["axis"] === undefined);
  const estimate = medianOf(manifests.filter(kind));
  const reason = `unknown until ${until}`;
  return {
    ...{ ...about, decision: "unknown", reason, summary: reason },
    ...(estimate === undefined ? {} : { estimate }),
  };
}

/** A step that cannot be done as asked. */
export function failingStep(about: About & Pick<PlanStep, "stage">, message: string): PlanStep {
  return { ...about, decision: "fail", reason: message, summary: message };
}

/** The median of what results took; undefined for none. */
export function medianOf(manifests: readonly Manifest[]): Estimate | undefined {
  if (manifests.length === 0) return undefined;
  const bytes = manifests.map(({ outputs }) => outputs.reduce((sum, { bytes }) => sum + bytes, 0));
  return {
    seconds: median(manifests.map(({ run }) => run.seconds)),
    bytes: median(bytes),
    runs: manifests.length,
  };
}

function median(values: readonly number[]): number {
  const sorted = values.toSorted((a, b) => a - b);
  const middle = Math.floor(sorted.length / 2);
  return sorted.length % 2 === 1 ? sorted[middle]! : (sorted[middle - 1]! + sorted[middle]!) / 2;
}
