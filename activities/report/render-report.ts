import { html, raw } from "./html.ts";
import {
  renderLearning,
  renderSegmentation,
  renderStages,
  renderTable,
  renderTiles,
} from "./render-overview.ts";
import { renderScan } from "./render-scan.ts";
import { renderStorage } from "./render-storage.ts";
import type { ReportModel } from "./report-model.ts";
import { REPORT_STYLE } from "./report-style.ts";
import { reportTotals } from "./report-totals.ts";

/** The browser may load nothing, run nothing: what a user wrote into a file name stays text. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

/**
 * A batch's report as one HTML file that needs nothing else: style, charts and images are in it.
 * Pure: equal models give equal text.
 */
export function renderReport(model: ReportModel): string {
  const { batch, outcome, note, scans, learning, segmentation, gaps, madeAt } = model;
  const totals = reportTotals(scans);
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>${batch}: ${outcome}</title>
        <style>
          ${raw(REPORT_STYLE)}
        </style>
      </head>
      <body>
        <header class="cardhead">
          <h1>${batch}</h1>
          <span class="outcome ${outcome}">${outcome}</span>
        </header>
        ${note !== undefined && html`<p>${note}</p>`}
        ${(model.margins ?? []).map(
          ({ text, drifted }) => html`<p ${drifted && raw('class="gap"')}>${text}.</p>`,
        )}
        ${gaps.map((gap) => html`<p class="gap">${gap}</p>`)} ${renderTiles(totals, scans.length)}
        ${renderTable(model)} ${totals.storage !== undefined && renderStorage(totals.storage)}
        ${learning !== undefined && renderLearning(learning)}
        ${segmentation !== undefined && renderSegmentation(segmentation)} ${renderStages(totals)}
        <h2>Scan by scan</h2>
        ${scans.map((scan) => renderScan(scan, batch))}
        <footer>
          Boxes and errors in voxels at full resolution, axes in the order z, y, x. “Kept” includes
          the
          margin.${madeAt !== undefined && ` Made ${madeAt.slice(0, 16).replace("T", " ")} UTC by microtome.`}
        </footer>
      </body>
    </html> `.html;
}
