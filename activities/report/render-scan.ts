import { AXIS_NAMES, type Box } from "../../domain/volumes/shape.ts";
import { lineChart } from "./charts.ts";
import { formatBytes, formatPercent, formatSeconds } from "./format.ts";
import { type Html, html } from "./html.ts";
import { storageLine } from "./render-storage.ts";
import { renderMasked } from "./render-masked.ts";
import { renderLegend, renderView } from "./render-view.ts";
import type { ReportProfile, ReportScan } from "./report-model.ts";

/** All that is known of one scan: what was decided and why, how it looks, what it cost. */
export function renderScan(scan: ReportScan, batch: string): Html {
  const { shape, images } = scan;
  const outcome = scan.outcome ?? "waiting";
  const known = facts(scan);
  return html`<section class="card" id="scan-${scan.scan}">
    <div class="cardhead">
      <h3>${scan.scan}</h3>
      <span class="outcome ${outcome}">${outcome.replace("-", " ")}</span>
    </div>
    ${scan.failure !== undefined && renderFailure(scan, batch)}
    ${
      scan.reasons.length > 0 &&
      html`<ul class="reasons">
        ${scan.reasons.map((reason) => html`<li>${reason}</li>`)}
      </ul>`
    }
    ${
      shape !== undefined &&
      images.length > 0 &&
      html`<div class="views">${images.map((image) => renderView(image, scan, shape))}</div>
        ${renderLegend(scan)}`
    }
    ${renderMasked(scan)}
    ${
      scan.outcome === "cancelled" &&
      html`<p class="muted">
        Run it after all: <code>microtome retry ${batch} --only ${scan.scan}</code>
      </p>`
    }
    ${
      known.length > 0 &&
      html`<dl>
        ${known.map(
          ([name, value]) =>
            html`<dt>${name}</dt>
              <dd>${value}</dd>`,
        )}
      </dl>`
    }
    ${
      scan.profiles.length > 0 &&
      html`<h4>Certainty that a slice shows the specimen</h4>
        <p class="legend">
          ${scan.box !== undefined && html`<span><i class="key found"></i> found</span>`}${scan.truth?.box !== undefined && html`<span><i class="key true"></i> true</span>`}
        </p>
        <div class="profiles">${scan.profiles.map((profile) => renderProfile(profile, scan))}</div>`
    }
    ${scan.gaps.map((gap) => html`<p class="gap">${gap}</p>`)}
  </section>`;
}

function renderFailure({ scan, failure, stage }: ReportScan, batch: string): Html {
  const { type, message, retryable } = failure!;
  const advice = retryable
    ? "Nothing is known to be wrong with the scan. Run it again, and nothing else:"
    : "Mend the scan or a parameter (--set path=value), then run it again, and nothing else:";
  return html`<div class="failure">
    <p><b>${type}</b>${stage !== undefined && ` in ${stage}`}: ${message}</p>
    <p class="muted">${advice} <code>microtome retry ${batch} --only ${scan}</code></p>
  </div>`;
}

function facts(scan: ReportScan): (readonly [string, Html | string])[] {
  const { box, margin, truth, shape, voxelSizeUm, stages } = scan;
  const known: (readonly [string, Html | string] | undefined)[] = [
    shape && [
      "volume",
      `${shape.join(" × ")} voxels${voxelSizeUm === undefined ? "" : ` of ${voxelSizeUm.map(shortNumber).join(" × ")} µm`} (z × y × x)`,
    ],
    box && [
      "box",
      `${describe(box)}${margin === undefined ? "" : `; margin ${describeMargin(margin)}`}`,
    ],
    scan.keptFraction === undefined
      ? undefined
      : ["kept", `${formatPercent(scan.keptFraction)} of the voxels`],
    scan.confidence === undefined ? undefined : ["confidence", scan.confidence.toFixed(2)],
    scan.container === undefined ? undefined : ["container", scan.container],
    truth?.maePx === undefined
      ? undefined
      : [
          "box error",
          `${truth.maePx.toFixed(1)} voxels a face on average (${formatPercent(truth.relAxis ?? 0)} of the axis)`,
        ],
    truth?.lostFraction === undefined
      ? undefined
      : [
          "specimen lost",
          `${formatLost(truth.lostFraction)} of its voxels lie outside the crop${truth.lostVoxels ? ` (${truth.lostVoxels})` : ""}`,
        ],
    scan.storage === undefined ? undefined : ["saved", storageLine(scan.storage)],
    scan.shell === undefined ? undefined : ["whole volume", scan.shell],
    scan.volumeBytes === undefined || scan.storage?.bytes !== undefined
      ? undefined
      : [
          "on disk",
          `${formatBytes(scan.volumeBytes)}${scan.cropBytes === undefined ? "" : ` whole, ${formatBytes(scan.cropBytes)} cropped`}`,
        ],
    scan.voxels && [
      "segmentation",
      Object.entries(scan.voxels)
        .map(([label, count]) => `class ${label}: ${count} voxels`)
        .join(", "),
    ],
    stages.length === 0
      ? undefined
      : [
          "time",
          stages
            .map(
              ({ stage, seconds, reused }) =>
                `${stage} ${formatSeconds(seconds)}${reused ? " (reused)" : ""}`,
            )
            .join(" · "),
        ],
    scan.volumeUrl === undefined ? undefined : ["volume at", html`<code>${scan.volumeUrl}</code>`],
    scan.cropUrl === undefined ? undefined : ["crop at", html`<code>${scan.cropUrl}</code>`],
  ];
  return known.filter((fact) => fact !== undefined);
}

function renderProfile({ axis, at, values }: ReportProfile, scan: ReportScan): Html {
  const name = AXIS_NAMES[axis];
  const found = scan.box?.[axis];
  const truth = scan.truth?.box?.[axis];
  return lineChart({
    label: `${scan.scan}, certainty along ${name}${found === undefined ? "" : `; found ${found[0]} to ${found[1]}`}${truth === undefined ? "" : `; true ${truth[0]} to ${truth[1]}`}`,
    x: at,
    y: values,
    width: 330,
    height: 150,
    xName: `${name}, voxels`,
    ...(scan.shape === undefined ? {} : { xRange: [0, scan.shape[axis]] as const }),
    yName: "certainty",
    bands: [
      ...(found === undefined ? [] : [{ from: found[0], to: found[1], kind: "found" as const }]),
      ...(truth === undefined ? [] : [{ from: truth[0], to: truth[1], kind: "true" as const }]),
    ],
  });
}

/** A share that must not be rounded to nothing: a lost voxel is a lost voxel. */
export function formatLost(fraction: number): string {
  if (fraction === 0) return "none";
  return fraction < 0.0001 ? "< 0.01 %" : `${(fraction * 100).toFixed(2)} %`;
}

function describe(box: Box): string {
  return box.map(([lo, hi], axis) => `${AXIS_NAMES[axis]} ${lo}–${hi}`).join(", ");
}

function describeMargin(margin: Box): string {
  return margin.map(([lo, hi]) => (lo === hi ? `${lo}` : `${lo}/${hi}`)).join(", ");
}

function shortNumber(value: number): string {
  return String(Number(value.toPrecision(4)));
}
