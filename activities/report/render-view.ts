import { growBox } from "../../domain/volumes/box.ts";
import { type Axis, AXIS_NAMES, type Box, type Zyx } from "../../domain/volumes/shape.ts";
import { type Html, html } from "./html.ts";
import type { ReportImage, ReportScan } from "./report-model.ts";

/** The two axes that are seen when looking along one: rows, columns. */
const SEEN: Readonly<Record<Axis, readonly [rows: Axis, columns: Axis]>> = {
  0: [1, 2],
  1: [0, 2],
  2: [0, 1],
};

/** A projection with the boxes drawn on it, in voxels of level 0 and the proportions of the specimen. */
export function renderView(image: ReportImage, scan: ReportScan, shape: Zyx): Html {
  const [rows, columns] = SEEN[image.axis];
  const size = scan.voxelSizeUm ?? [1, 1, 1];
  const [height, width] = [shape[rows], shape[columns]];
  // Voxels need not be cubes: the drawing is stretched to physical proportions, its numbers are not.
  const stretch = size[rows] / size[columns];
  const marks = [
    ...(scan.truth?.box === undefined ? [] : [mark(scan.truth.box, "truth", rows, columns)]),
    ...(scan.box === undefined || scan.margin === undefined
      ? []
      : [mark(growBox(scan.box, scan.margin, shape), "margin", rows, columns)]),
    ...(scan.box === undefined ? [] : [mark(scan.box, "box", rows, columns)]),
  ];
  const name = AXIS_NAMES[image.axis];
  const through = image.through ? ` through ${image.through[0]}–${image.through[1]}` : "";
  const label = `${scan.scan}, brightest voxels along ${name}${describeBox(scan, rows, columns)}`;
  return html`<figure>
    <svg class="view" viewBox="0 0 ${width} ${height * stretch}" role="img" aria-label="${label}">
      <g transform="scale(1 ${stretch})">
        <image href="${image.uri}" width="${width}" height="${height}" preserveAspectRatio="none" />
        ${marks}
      </g>
    </svg>
    <figcaption>
      along ${name}${through}: ${AXIS_NAMES[rows]} down, ${AXIS_NAMES[columns]} right
    </figcaption>
  </figure>`;
}

/** What the marks on a view mean; only of those that are there. */
export function renderLegend({ box, margin, truth }: ReportScan): Html {
  const entry = (kind: string, text: string) =>
    html`<span
      ><svg class="view" viewBox="0 0 26 12" aria-hidden="true">
        <rect class="${kind}" x="3" y="3" width="20" height="6" />
      </svg>
      ${text}</span
    >`;
  return html`<p class="legend">
    ${box !== undefined && entry("box", "found")}
    ${margin !== undefined && box !== undefined && entry("margin", "with margin: what the crop holds")}
    ${truth?.box !== undefined && entry("truth", "true")}
  </p>`;
}

function mark(box: Box, kind: string, rows: Axis, columns: Axis): Html {
  const [[y0, y1], [x0, x1]] = [box[rows], box[columns]];
  return html`<rect class="${kind}" x="${x0}" y="${y0}" width="${x1 - x0}" height="${y1 - y0}" />`;
}

function describeBox({ box }: ReportScan, rows: Axis, columns: Axis): string {
  if (box === undefined) return "; no box";
  const side = (axis: Axis) => `${AXIS_NAMES[axis]} ${box[axis][0]} to ${box[axis][1]}`;
  return `; box ${side(rows)}, ${side(columns)}`;
}
