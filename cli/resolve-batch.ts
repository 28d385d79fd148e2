import { resolve } from "node:path";
import { compile } from "../activities/validate.ts";
import { InvalidInput } from "../domain/errors.ts";
import {
  type BatchSpec,
  type BatchTruth,
  type LocalizeParameters,
  type ResolvedBatch,
  type ResolvedScan,
  type ScanSpec,
  batchSpec,
} from "../schemas/batch.ts";
import { checkBatch } from "./check-batch.ts";
import { derivePretrain } from "./derive-pretrain.ts";
import { scanIds } from "./scan-ids.ts";

const parse = compile<BatchSpec>(batchSpec);

/** A batch as the workflow wants it, and the truth, which must not travel with it. */
export interface BatchResolution {
  readonly spec: ResolvedBatch;
  readonly truth: BatchTruth;
}

/**
 * Make a batch out of what a user wrote: valid, every default spelled out, every id known, every
 * source absolute (relative ones against `folder`), the truth apart.
 *
 * Says nothing about whether sources exist: that is ingest's, so that one missing scan does not
 * hold up the others. Throws `InvalidInput` with every problem, one a line.
 */
export function resolveBatch(value: unknown, folder: string): BatchResolution {
  const given = parse(structuredClone(value));
  const localize = given.localize as LocalizeParameters; // the schema filled in the defaults
  const pretrain = derivePretrain(given.pretrain ?? {}, localize.method);
  const sources = given.scans.map(({ source }) => absolute(source, folder));
  const { ids, problems } = scanIds(
    given.scans.map(({ id }, index) => ({ id, source: sources[index]! })),
  );
  const all = [...problems, ...checkBatch(given, pretrain)];
  if (all.length > 0) throw new InvalidInput(`The batch is not valid:\n${all.join("\n")}`);

  const truth: Record<string, NonNullable<ScanSpec["truth"]>> = {};
  const scans = given.scans.map(({ truth: known, ...scan }, index): ResolvedScan => {
    const id = ids[index]!;
    if (known !== undefined) {
      truth[id] =
        known.mask === undefined ? known : { ...known, mask: absolute(known.mask, folder) };
    }
    return {
      ...scan,
      id,
      source: sources[index]!,
      ...(scan.labels === undefined ? {} : { labels: absolute(scan.labels, folder) }),
    };
  });
  return {
    spec: {
      batch: given.batch,
      collection: given.collection ?? "default",
      scans,
      downscale: given.downscale,
      container: given.container,
      pretrain,
      localize,
      segment: given.segment,
      // Said only where it differs, so that the names of earlier specifications stay.
      ...(given.retention?.policy === "quarantine"
        ? { retention: { policy: "quarantine" as const, days: given.retention.days ?? 30 } }
        : {}),
    },
    truth,
  };
}

function absolute(source: string, folder: string): string {
  return /^[a-z][a-z0-9+.-]*:\/\//i.test(source) ? source : resolve(folder, source);
}
