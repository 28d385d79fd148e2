import { gatherReport } from "../report/gather-report.ts";
import { renderReport } from "../report/render-report.ts";
import { keys } from "../../schemas/names.ts";
import type { Job } from "../engine/job.ts";
import type { JobDeps } from "./index.ts";

/** Gather a batch's pictures and numbers and store its report. */
export function createReportJob({ store }: JobDeps): Job<{ batch: string }, { bytes: number }> {
  return async function report({ batch }, { signal, progress }) {
    progress({ fraction: 0.1, note: "gathering" });
    const html = renderReport(await gatherReport(store, batch, { signal }));
    const bytes = new TextEncoder().encode(html);
    await store.put(keys.report(batch), bytes);
    return { bytes: bytes.length };
  };
}
