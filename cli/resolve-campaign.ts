import { pretrainParts } from "../activities/pretrain-key.ts";
import { contentKey } from "../activities/stage/content-key.ts";
import { compile } from "../activities/validate.ts";
import { InvalidInput } from "../domain/errors.ts";
import { campaignRequest, type CampaignRequest } from "../schemas/campaign.ts";
import type { BatchStatus } from "../schemas/result.ts";
import type { EncoderRef } from "../schemas/volume.ts";
import type { CampaignSpec } from "../schemas/stages.ts";
import { checkPretrain } from "./check-batch.ts";
import { derivePretrain } from "./derive-pretrain.ts";

const parse = compile<CampaignRequest>(campaignRequest);

/** A campaign request out of a file: valid, or `InvalidInput` with every problem. */
export function parseCampaign(value: unknown): CampaignRequest {
  return parse(structuredClone(value));
}

/**
 * What a campaign trains on and how, from its request and the finished batches it names. Scans of
 * two batches with one view are learned from once.
 *
 * @param latest - the key of a collection's newest encoder for a view; undefined where it has none
 */
export async function resolveCampaign(
  request: CampaignRequest,
  batches: readonly BatchStatus[],
  latest: (collection: string, view: EncoderRef["view"]) => Promise<string | undefined>,
): Promise<{ readonly spec: CampaignSpec; readonly steps: number }> {
  const given = request.pretrain ?? {};
  const { pretext = "rotation" } = given;
  const method = given.view === "slices" || pretext !== "rotation" ? "rotation" : "windows";
  const pretrain = derivePretrain(given, method);
  const problems = checkPretrain(pretrain, pretext === "rotation" ? method : "energy");
  if (given.from !== undefined) {
    problems.push(
      "/pretrain/from: a campaign pretrains an encoder; to start from another one, give warmStart",
    );
  }
  if (problems.length > 0) {
    throw new InvalidInput(`The campaign is not valid:\n${problems.join("\n")}`);
  }
  const views = new Map<string, string>();
  for (const { scans } of batches) {
    for (const { scan, prepared } of scans) {
      if (prepared !== undefined) views.set(prepared.view.key, scan);
    }
  }
  if (views.size === 0) {
    const names = batches.map(({ batch }) => batch).join(", ");
    throw new InvalidInput(
      `${request.campaign}: no scan of ${names} is prepared, nothing to learn from`,
    );
  }
  const warmStart = await resolveWarmStart(request, (collection) =>
    latest(collection, pretrain.view),
  );
  const sorted = [...views.keys()].sort();
  return {
    steps: pretrain.steps,
    spec: {
      campaign: request.campaign,
      key: contentKey(pretrainParts(pretrain, sorted, warmStart)),
      collection: request.collection ?? "default",
      parameters: pretrain,
      views: sorted.map((key) => ({ scan: views.get(key)!, key })),
      ...(warmStart === undefined ? {} : { warmStart }),
    },
  };
}

async function resolveWarmStart(
  { campaign, warmStart }: CampaignRequest,
  latest: (collection: string) => Promise<string | undefined>,
): Promise<string | undefined> {
  const collection = /^latest:(.+)$/.exec(warmStart ?? "")?.[1];
  if (collection === undefined) return warmStart;
  const found = await latest(collection);
  if (found !== undefined) return found;
  throw new InvalidInput(
    `${campaign}: collection ${collection} has no encoder for this view yet (warmStart)`,
  );
}
