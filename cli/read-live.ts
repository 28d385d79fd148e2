import { compile } from "../activities/validate.ts";
import type { CampaignProgress } from "../schemas/campaign.ts";
import { workflowIds } from "../schemas/names.ts";
import { stageProgress, type StageProgress } from "../schemas/progress.ts";
import type { BatchStatus } from "../schemas/result.ts";
import type { Session } from "./connect.ts";
import type { LiveProgress } from "./live-progress.ts";
import { query } from "./read-status.ts";

const parse = compile<StageProgress>(stageProgress);

/** A look costs one call per running scan; the window of a batch is smaller than this. */
const MAX_LOOKS = 16;

/** What the running activities of a batch last said in their heartbeats. */
export async function readLive(session: Session, status: BatchStatus): Promise<LiveProgress> {
  const busy = status.scans
    .filter(({ state }) => state === "preparing" || state === "analysing")
    .slice(0, MAX_LOOKS);
  const settled = status.scans.length > 0 && status.scans.every((s) => s.state === "settled");
  const [campaign, [batch], ...scans] = await Promise.all([
    readCampaign(session, status),
    settled ? readBeats(session, workflowIds.batch(status.batch)) : [],
    ...busy.map(async ({ scan, state }) => {
      const phase = state === "preparing" ? "prepare" : "analyse";
      const id = workflowIds[phase](status.batch, scan);
      return [scan, await readBeats(session, id)] as const;
    }),
  ]);
  return {
    scans: Object.fromEntries(scans),
    ...(campaign === undefined ? {} : { campaign }),
    ...(batch === undefined ? {} : { batch }),
  };
}

/** The last heartbeats of a workflow's running activities; none where it cannot be looked at. */
export async function readBeats(
  { client }: Pick<Session, "client">,
  workflowId: string,
): Promise<StageProgress[]> {
  const { defaultPayloadConverter } = await import("@temporalio/common");
  try {
    const { raw } = await client.workflow.getHandle(workflowId).describe();
    return (raw.pendingActivities ?? []).flatMap(({ heartbeatDetails }) =>
      (heartbeatDetails?.payloads ?? [])
        .slice(0, 1)
        .map((payload) => parse(defaultPayloadConverter.fromPayload(payload))),
    );
  } catch {
    // A child that is just being started or has just ended; the next look knows more.
    return [];
  }
}

async function readCampaign(
  session: Session,
  status: BatchStatus,
): Promise<LiveProgress["campaign"]> {
  const { campaign, scans } = status;
  // It runs while scans wait for its encoder; before and after there is nothing to see.
  if (campaign === undefined || !scans.some(({ state }) => state === "prepared")) return undefined;
  const id = workflowIds.campaign(campaign);
  const [[round], progress] = await Promise.all([
    readBeats(session, id),
    query<CampaignProgress>(session, id, "campaignProgress"),
  ]);
  if (round === undefined && progress === undefined) return undefined;
  return {
    ...(round === undefined ? {} : { round }),
    ...(progress === undefined ? {} : { progress }),
  };
}
