import { type Html, html } from "./html.ts";

export interface LineChart {
  /** What the chart shows, for those who cannot see it. */
  readonly label: string;
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly width: number;
  readonly height: number;
  readonly xName: string;
  readonly yName: string;
  /** What the x axis spans, where that is more than the line. */
  readonly xRange?: readonly [number, number];
  /** A dashed line across, with a word. */
  readonly level?: { readonly y: number; readonly name: string };
  /** Shaded intervals of x; `kind` is their CSS class. */
  readonly bands?: readonly {
    readonly from: number;
    readonly to: number;
    readonly kind: "found" | "true";
  }[];
}

const PAD = { left: 46, right: 12, top: 10, bottom: 34 } as const;

/** A line chart as inline SVG: axes with round numbers, one line, perhaps a level and bands. */
export function lineChart(chart: LineChart): Html {
  const { width, height, x, y, level, bands = [] } = chart;
  const points = x
    .map((at, i) => [at, y[i] ?? NaN] as const)
    .filter(([at, value]) => Number.isFinite(at) && Number.isFinite(value));
  if (points.length === 0) return html`<p class="muted">${chart.label}: no points</p>`;
  const [x0, x1] = extent([
    ...(chart.xRange ?? points.map(([at]) => at)),
    ...bands.flatMap((b) => [b.from, b.to]),
  ]);
  const values = points.map(([, value]) => value);
  const [y0, y1] = extent([...values, ...(level ? [level.y] : [])], 0.06);
  const px = (at: number) =>
    round(PAD.left + ((at - x0) / (x1 - x0)) * (width - PAD.left - PAD.right));
  const py = (value: number) =>
    round(height - PAD.bottom - ((value - y0) / (y1 - y0)) * (height - PAD.top - PAD.bottom));
  const line = points.map(([at, value]) => `${px(at)},${py(value)}`).join(" ");
  const [right, bottom] = [width - PAD.right, height - PAD.bottom];
  return html`<svg
    class="chart"
    viewBox="0 0 ${width} ${height}"
    role="img"
    aria-label="${chart.label}"
  >
    ${bands.map(
      ({ from, to, kind }) =>
        html`<rect
          class="band ${kind}"
          x="${px(from)}"
          y="${PAD.top}"
          width="${round(px(to) - px(from))}"
          height="${bottom - PAD.top}"
        />`,
    )}
    ${ticks(y0, y1, 4).map(
      (value) =>
        html`<line
            class="grid"
            x1="${PAD.left}"
            x2="${right}"
            y1="${py(value)}"
            y2="${py(value)}"
          /><text class="tick" text-anchor="end" x="${PAD.left - 6}" y="${py(value) + 4}"
            >${formatTick(value)}</text
          >`,
    )}
    ${ticks(x0, x1, Math.max(2, Math.round(width / 80))).map(
      (value) =>
        html`<text class="tick" text-anchor="middle" x="${px(value)}" y="${bottom + 15}"
          >${formatTick(value)}</text
        >`,
    )}
    <line class="axis" x1="${PAD.left}" x2="${right}" y1="${bottom}" y2="${bottom}" />
    ${
      level &&
      html`<line
          class="level"
          x1="${PAD.left}"
          x2="${right}"
          y1="${py(level.y)}"
          y2="${py(level.y)}"
        /><text class="levelname" text-anchor="end" x="${right - 4}" y="${py(level.y) - 5}"
          >${level.name}</text
        >`
    }
    <polyline class="line" points="${line}" />
    <text class="axisname" text-anchor="middle" x="${(PAD.left + right) / 2}" y="${height - 4}">
      ${chart.xName}
    </text>
    <text
      class="axisname"
      text-anchor="middle"
      transform="translate(11 ${(PAD.top + bottom) / 2}) rotate(-90)"
    >
      ${chart.yName}
    </text>
  </svg>`;
}

/** Round numbers between two values, about `count` of them. */
export function ticks(lo: number, hi: number, count: number): number[] {
  const rough = (hi - lo) / Math.max(1, count);
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = [1, 2, 5, 10].map((n) => n * power).find((n) => n >= rough * 0.999)!;
  const first = Math.ceil(lo / step - 1e-9);
  const last = Math.floor(hi / step + 1e-9);
  return Array.from({ length: last - first + 1 }, (_, i) =>
    Number(((first + i) * step).toPrecision(12)),
  );
}

function extent(values: readonly number[], slack = 0): [number, number] {
  let [lo, hi] = [Infinity, -Infinity];
  for (const value of values) {
    lo = Math.min(lo, value);
    hi = Math.max(hi, value);
  }
  // A flat line needs some room to be drawn in.
  const span = hi > lo ? hi - lo : Math.abs(hi) * 0.1 || 1;
  return hi > lo ? [lo - slack * span, hi + slack * span] : [lo - span / 2, hi + span / 2];
}

function formatTick(value: number): string {
  return Math.abs(value) >= 10_000 ? value.toExponential(0).replace("+", "") : String(value);
}

const round = (value: number) => Math.round(value * 10) / 10;
