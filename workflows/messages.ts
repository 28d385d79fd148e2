import { defineQuery, defineUpdate } from "@temporalio/workflow";
import type { BatchStatus } from "../schemas/result.ts";
import type { CampaignProgress } from "../schemas/campaign.ts";

/** Which scans to run again, and with which specification (a store key) if it changed. */
export interface RetryRequest {
  /** Default: every scan that failed or was cancelled. */
  readonly only?: readonly string[];
  readonly spec?: string;
}

/** Start and continue a batch; all but `batch` and `spec` are for continuing. */
export interface SampleBatchInput {
  readonly batch: string;
  /** Store key of the resolved specification. */
  readonly spec: string;
  /** Begin from the stored result of the last run: its settled scans stay settled until retried. */
  readonly resume?: boolean;
  /** Ignore the batch's pinned encoder and make a new one. */
  readonly repretrain?: boolean;
  /** Ignore the batch's pinned calibration and use the collection's newest. */
  readonly recalibrate?: boolean;
}

export const progressQuery = defineQuery<BatchStatus>("progress");

/** Answers with the scans that will run again; rejected when there is none. */
export const retryUpdate = defineUpdate<readonly string[], [RetryRequest]>("retry");

/** Answers with the scans that were not settled yet and now are cancelled. */
export const cancelScansUpdate = defineUpdate<readonly string[], [readonly string[]]>("cancelScan");

/** No new scan is begun, no new round of training, until resumed. */
export const pauseUpdate = defineUpdate("pause");
export const resumeUpdate = defineUpdate("resume");

export const campaignProgressQuery = defineQuery<CampaignProgress>("campaignProgress");

/** End training after the running round; the encoder so far is published. */
export const stopUpdate = defineUpdate("stop");
