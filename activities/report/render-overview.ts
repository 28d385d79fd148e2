import { lineChart } from "./charts.ts";
import { describeShortcut } from "./describe-shortcut.ts";
import { formatBytes, formatPercent, formatSeconds } from "./format.ts";
import { type Html, html } from "./html.ts";
import { formatLost } from "./render-scan.ts";
import type { ReportLearning, ReportModel, ReportSegmentation } from "./report-model.ts";
import type { ReportTotals } from "./report-totals.ts";

/** The numbers that matter most, as tiles. */
export function renderTiles(totals: ReportTotals, scans: number): Html {
  const { outcomes, bytesBefore, bytesAfter, meanKept, meanErrorPx, meanErrorAxis } = totals;
  const saved = bytesBefore - bytesAfter;
  const tiles: (readonly [string, string] | undefined)[] = [
    [`${scans}`, scans === 1 ? "scan" : "scans"],
    ...outcomes.map(({ outcome, count }) => [`${count}`, outcome.replace("-", " ")] as const),
    meanKept === undefined ? undefined : [formatPercent(meanKept), "of a scan kept, on average"],
    bytesBefore === 0
      ? undefined
      : [
          formatBytes(saved),
          `saved by cropping, of ${formatBytes(bytesBefore)} at full resolution`,
        ],
    meanErrorPx === undefined
      ? undefined
      : [
          `${meanErrorPx.toFixed(1)} px`,
          `mean box error (${formatPercent(meanErrorAxis ?? 0)} of the axis)`,
        ],
    totals.worstLost === undefined
      ? undefined
      : [formatLost(totals.worstLost), "of a specimen lost at worst, where its voxels are known"],
  ];
  return html`<ul class="tiles">
    ${tiles.map((tile) => tile && html`<li><b>${tile[0]}</b>${tile[1]}</li>`)}
  </ul>`;
}

/** One row per scan; every scan of the batch is in it, whatever became of it. */
export function renderTable({ scans }: ReportModel): Html {
  const scored = scans.some(({ truth }) => truth?.maePx !== undefined);
  const masked = scans.some(({ truth }) => truth?.lostFraction !== undefined);
  return html`<h2>Scans</h2>
    <div class="scroll">
      <table>
        <thead>
          <tr>
            <th>scan</th>
            <th>outcome</th>
            <th class="n">kept</th>
            <th class="n">confidence</th>
            ${scored && html`<th class="n">box error</th>`}${masked && html`<th class="n">lost</th>`}
            <th class="n">whole</th>
            <th class="n">crop</th>
            <th>why</th>
          </tr>
        </thead>
        <tbody>
          ${scans.map(
            (scan) =>
              html`<tr>
                <td><a href="#scan-${scan.scan}">${scan.scan}</a></td>
                <td>
                  <span class="outcome ${scan.outcome ?? "waiting"}"
                    >${(scan.outcome ?? "waiting").replace("-", " ")}</span
                  >
                </td>
                <td class="n">
                  ${scan.keptFraction === undefined ? "–" : formatPercent(scan.keptFraction)}
                </td>
                <td class="n">
                  ${scan.confidence === undefined ? "–" : scan.confidence.toFixed(2)}
                </td>
                ${scored && html`<td class="n">${scan.truth?.maePx === undefined ? "–" : `${scan.truth.maePx.toFixed(1)} px`}</td>`}
                ${masked && html`<td class="n">${scan.truth?.lostFraction === undefined ? "–" : formatLost(scan.truth.lostFraction)}</td>`}
                <td class="n">
                  ${scan.volumeBytes === undefined ? "–" : formatBytes(scan.volumeBytes)}
                </td>
                <td class="n">
                  ${scan.cropBytes === undefined ? "–" : formatBytes(scan.cropBytes)}
                </td>
                <td class="why">
                  ${scan.failure === undefined ? (scan.outcome === "kept-whole" ? (scan.reasons[0] ?? "") : "") : `${scan.failure.type}${scan.stage === undefined ? "" : ` in ${scan.stage}`}`}
                </td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** What each stage took over the whole batch. */
export function renderStages({ stages }: ReportTotals): Html | undefined {
  if (stages.length === 0) return undefined;
  return html`<h2>Time per stage</h2>
    <div class="scroll">
      <table class="tight">
        <thead>
          <tr>
            <th>stage</th>
            <th class="n">computed</th>
            <th class="n">reused</th>
            <th class="n">time, all scans</th>
            <th class="n">per scan</th>
          </tr>
        </thead>
        <tbody>
          ${stages.map(
            ({ stage, seconds, computed, reused, perScan }) =>
              html`<tr>
                <td>${stage}</td>
                <td class="n">${computed}</td>
                <td class="n">${reused}</td>
                <td class="n">${computed === 0 ? "–" : formatSeconds(seconds)}</td>
                <td class="n">${formatSeconds(perScan)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** How the encoder learned its pretext, against guessing. */
export function renderLearning(learning: ReportLearning): Html {
  const { pretext, encoder, view, key, steps, loss, accuracy, chance, shortcut } = learning;
  const [last, lastStep, right] = [loss.at(-1), steps.at(-1), accuracy?.at(-1)];
  return html`<h2>Pretraining</h2>
    <p>
      Encoder <code>${key.slice(0, 12)}</code>: ${encoder} on ${view}, pretext
      ${pretext}${
        last !== undefined && `; loss ${last.toFixed(3)} at step ${lastStep ?? 0}`
      }${right !== undefined && `, ${formatPercent(right)} right`}.
    </p>
    ${shortcut !== undefined && html`<p>What it was learned by: ${describeShortcut(shortcut)}.</p>`}
    ${(shortcut?.warnings ?? []).map((warning) => html`<p class="gap">${warning}.</p>`)}
    <div class="scroll">
      ${lineChart({
        label: `Loss of the ${pretext} pretext over ${lastStep ?? 0} steps, from ${loss[0]?.toFixed(2) ?? "?"} to ${last?.toFixed(2) ?? "?"}`,
        x: steps,
        y: loss,
        width: 760,
        height: 240,
        xName: "step",
        yName: "loss",
        ...(chance === undefined
          ? {}
          : { level: { y: chance, name: `guessing: ${chance.toFixed(3)}` } }),
      })}
    </div>`;
}

/** What the applied segmentation model is worth, class by class. */
export function renderSegmentation(segmentation: ReportSegmentation): Html {
  const { model, meanIou, iou, measuredOn, heldOut } = segmentation;
  return html`<h2>Segmentation</h2>
    <p>
      Model <code>${model}</code>, mean intersection over union ${meanIou.toFixed(3)}, measured on
      ${measuredOn.join(", ")}${!heldOut && " (the training scans: none was held out)"}.
    </p>
    <div class="scroll">
      <table class="tight">
        <thead>
          <tr>
            <th>class</th>
            <th class="n">IoU</th>
          </tr>
        </thead>
        <tbody>
          ${Object.entries(iou).map(
            ([label, value]) =>
              html`<tr>
                <td>${label}</td>
                <td class="n">${value.toFixed(3)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}
