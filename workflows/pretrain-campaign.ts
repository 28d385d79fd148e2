import {
  condition,
  continueAsNew,
  setCurrentDetails,
  setHandler,
  workflowInfo,
} from "@temporalio/workflow";
import type { CampaignProgress } from "../schemas/campaign.ts";
import type { EncoderRef } from "../schemas/volume.ts";
import { campaignProgressQuery, pauseUpdate, resumeUpdate, stopUpdate } from "./messages.ts";
import { compute } from "./proxies.ts";

export interface CampaignInput {
  readonly campaign: string;
  readonly steps: number;
  /** Length of a round in seconds; a night's batch gets the accelerator between rounds. */
  readonly roundSeconds?: number;
  /** What earlier runs of this workflow did and said, after continue-as-new. */
  readonly rounds?: CampaignProgress["rounds"];
  readonly notes?: readonly string[];
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
  const { campaign, steps, roundSeconds = ROUND_SECONDS } = input;
  let rounds = [...(input.rounds ?? [])];
  let state: CampaignProgress["state"] = "running";
  let notes = [...(input.notes ?? [])];
  let metric: Pick<CampaignProgress, "accuracy" | "displacement" | "best" | "shortcut"> = {};
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
    const round = stopping
      ? await compute.publishEncoder({ campaign })
      : await compute.pretrainRound({ campaign, seconds: roundSeconds });
    metric = {
      ...(round.accuracy === undefined ? {} : { accuracy: round.accuracy }),
      ...(round.displacement === undefined ? {} : { displacement: round.displacement }),
      ...(round.best === undefined ? {} : { best: round.best }),
      ...(round.shortcut === undefined ? {} : { shortcut: round.shortcut }),
    };
    if (round.note !== undefined) notes = [...notes, `Step ${round.step}: ${round.note}`];
    // Publishing trains nothing.
    if (!stopping || rounds.length === 0) {
      rounds = [...rounds, { step: round.step, loss: round.loss }].slice(-MAX_ROUNDS_SHOWN);
    }
    setCurrentDetails(`Step ${round.step} of ${steps}, loss ${round.loss.toFixed(4)}`);
    if (round.state !== "running") {
      state = stopping ? "stopped" : round.state;
      encoder = round.encoder;
      return {
        state: stopping ? "stopped" : round.state,
        step: round.step,
        loss: round.loss,
        ...(encoder === undefined ? {} : { encoder }),
      };
    }
    if (workflowInfo().continueAsNewSuggested || workflowInfo().historyLength > HISTORY_LIMIT) {
      await continueAsNew<typeof pretrainCampaign>({ ...input, rounds, notes });
    }
  }
}
