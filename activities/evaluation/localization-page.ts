import { marginFor } from "../../domain/localization/margin.ts";
import { html, raw } from "../report/html.ts";
import type { Html } from "../report/html.ts";
import { renderScan } from "../report/render-scan.ts";
import type { ReportScan } from "../report/report-model.ts";
import { REPORT_STYLE } from "../report/report-style.ts";
import type { EvaluatedLocalization } from "./evaluate-localization.ts";
import { LOCALIZATION_COLUMNS } from "./localization-columns.ts";
import { strong } from "./localization-markdown.ts";
import type { Decisions, DecidedScan, PicturedScan } from "./localization-result.ts";
import type { LocalizationRow } from "./localization-rows.ts";

/** The browser may load nothing, run nothing: what a user wrote into a file name stays text. */
const POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'";

const WIDE =
  "body { max-width: 1800px; } td:first-child { min-width: 17em; } td.n { font-size: 13px; } tr.strong td { font-weight: 650; }";

/**
 * An evaluation as one page that needs nothing else: the table, and every scan with its boxes on three
 * projections and its certainty along each axis; of the first localizer's first seed.
 */
export function localizationPage(
  { localizers, plain, pictures }: EvaluatedLocalization,
  rows: readonly LocalizationRow[],
  margin: number,
): string {
  const first = localizers[0]?.seeds[0];
  const shown: Decisions = first ?? plain;
  const whose = first ? `${shown.decided.name}, seed ${first.seed}` : shown.decided.name;
  return html`<!doctype html>
    <html lang="en">
      <head>
        <meta charset="utf-8" />
        <meta name="viewport" content="width=device-width, initial-scale=1" />
        <meta http-equiv="Content-Security-Policy" content="${POLICY}" />
        <title>Localization</title>
        <style>
          ${raw(REPORT_STYLE)}${raw(WIDE)}
        </style>
      </head>
      <body>
        <header class="cardhead"><h1>Localization</h1></header>
        ${renderRows(rows)}
        <h2>Scan by scan: ${whose}</h2>
        ${pictures.map((picture) => {
          const scan = shown.scans.find((one) => one.scan === picture.scan);
          return scan && renderScan(toReportScan(scan, picture, shown, margin), "");
        })}
        <footer>
          Means over scans with 95 % bootstrap intervals over scans. Boxes and errors in voxels at
          full resolution, axes in the order z, y, x; a scan that is kept whole is scored as the
          full volume.
        </footer>
      </body>
    </html> `.html;
}

function renderRows(rows: readonly LocalizationRow[]): Html {
  return html`<div class="scroll">
    <table>
      <thead>
        <tr>
          <th>method</th>
          ${LOCALIZATION_COLUMNS.map(({ head }) => html`<th class="n">${head}</th>`)}
        </tr>
      </thead>
      <tbody>
        ${rows.map(
          (row) =>
            html`<tr class="${strong(row) ? "strong" : "plain"}">
              <td>
                ${row.name}${row.group === "with labels" && html` <span class="muted">by known boxes</span>`}
              </td>
              ${LOCALIZATION_COLUMNS.map(({ cell }) => html`<td class="n">${cell(row, true)}</td>`)}
            </tr>`,
        )}
      </tbody>
    </table>
  </div>`;
}

function toReportScan(
  { scan, outcome, box, confidence, reasons, profiles, bytes }: DecidedScan,
  { shape, truth, images }: PicturedScan,
  { decided }: Decisions,
  fraction: number,
): ReportScan {
  const score = decided.scans.find((one) => one.scan === scan)?.score;
  const { margin } = marginFor(shape, fraction);
  return {
    ...{ scan, outcome, reasons, confidence, shape, images, profiles },
    ...(box && { box, margin }),
    ...(score && { keptFraction: score.keptWithMargin }),
    ...(truth && {
      truth: {
        box: truth,
        ...(score && { maePx: score.maePx, relAxis: score.relAxis }),
        ...(score?.lostWithMargin === undefined ? {} : { lostFraction: score.lostWithMargin }),
      },
    }),
    storage: { bytes: { before: bytes.whole, after: bytes.kept } },
    ...{ stages: [], gaps: [] },
  };
}
