import {
  condition,
  continueAsNew,
  isCancellation,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import type { CampaignProgress } from "../schemas/campaign.ts";
import type { RoundResult } from "../schemas/stages.ts";
import type { EncoderRef } from "../schemas/volume.ts";
import { campaignProgressQuery, pauseUpdate, resumeUpdate, stopUpdate } from "./messages.ts";
import { compute } from "./proxies.ts";

export interface CampaignInput {
  readonly campaign: string;
  readonly steps: number;
  /** Length of a round in seconds; a night's batch gets the accelerator between rounds. */
  readonly roundSeconds?: number;
  /** What earlier runs of this workflow did and were told, after continue-as-new. */
  readonly carried?: Carried;
}

type Metric = Pick<CampaignProgress, "accuracy" | "displacement" | "best" | "shortcut">;

interface Carried {
  readonly rounds: CampaignProgress["rounds"];
  readonly notes: readonly string[];
  readonly metric: Metric;
}

export interface CampaignResult {
  readonly state: "finished" | "plateau" | "stopped";
  readonly encoder?: EncoderRef;
  readonly step: number;
  readonly loss: number;
}

/** A plateau is seen, and a pause takes effect, between rounds. */
const ROUND_SECONDS = 300;
const MAX_ROUNDS_SHOWN = 200;
const HISTORY_LIMIT = 4000;

/**
 * One long pretraining, in rounds of one activity each. The truth of where it is lies in its newest
 * valid checkpoint; this workflow only asks for more.
 */
export async function pretrainCampaign(input: CampaignInput): Promise<CampaignResult> {
  const { campaign, steps, roundSeconds = ROUND_SECONDS, carried } = input;
  let rounds = [...(carried?.rounds ?? [])];
  let state: CampaignProgress["state"] = "running";
  let notes = [...(carried?.notes ?? [])];
  let metric: Metric = carried?.metric ?? {};
  let stopping = false;
  let encoder: EncoderRef | undefined;

  setHandler(campaignProgressQuery, () => ({
    campaign,
    state,
    step: rounds.at(-1)?.step ?? 0,
    steps,
    ...(rounds.length === 0 ? {} : { loss: rounds.at(-1)?.loss ?? 0 }),
    ...metric,
    ...(notes.length === 0 ? {} : { notes }),
    ...(encoder === undefined ? {} : { encoder: encoder.key }),
    rounds,
  }));
  setHandler(pauseUpdate, () => {
    if (state === "running") state = "paused";
  });
  setHandler(resumeUpdate, () => {
    if (state === "paused") state = "running";
  });
  setHandler(stopUpdate, () => {
    stopping = true;
  });

  for (;;) {
    await condition(() => state !== "paused" || stopping);
    // Here nothing that was asked for is pending: what comes later finds the next run.
    if (!stopping && rounds.length > 0 && historyIsLong()) {
      await continueAsNew<typeof pretrainCampaign>({
        ...input,
        carried: { rounds, notes, metric },
      });
    }
    // Asked to stop while a round runs, the round counts as what it was.
    const publishing = stopping;
    let round: RoundResult;
    try {
      round = publishing
        ? await compute.publishEncoder({ campaign })
        : await compute.pretrainRound({ campaign, seconds: roundSeconds });
    } catch (error) {
      state = isCancellation(error) ? "cancelled" : "failed";
      notes = [...notes, describe(error)];
      throw error;
    }
    metric = {
      ...(round.accuracy === undefined ? {} : { accuracy: round.accuracy }),
      ...(round.displacement === undefined ? {} : { displacement: round.displacement }),
      ...(round.best === undefined ? {} : { best: round.best }),
      ...(round.shortcut === undefined ? {} : { shortcut: round.shortcut }),
    };
    if (round.note !== undefined && !notes.includes(round.note)) notes = [...notes, round.note];
    // Publishing trains nothing.
    if (!publishing || rounds.length === 0) {
      rounds = [...rounds, { step: round.step, loss: round.loss }].slice(-MAX_ROUNDS_SHOWN);
    }
    setCurrentDetails(`Step ${round.step} of ${steps}, loss ${round.loss.toFixed(4)}`);
    if (round.state === "running") continue;
    state = publishing ? "stopped" : round.state;
    encoder = round.encoder;
    return {
      state,
      step: round.step,
      loss: round.loss,
      ...(encoder === undefined ? {} : { encoder }),
    };
  }
}

function historyIsLong(): boolean {
  return workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > HISTORY_LIMIT;
}

/** Why a round failed: what the activity threw, not that one failed. */
function describe(error: unknown): string {
  const cause = error instanceof Error && error.cause instanceof Error ? error.cause : error;
  return cause instanceof Error ? cause.message : String(cause);
}
