import { ticks } from "../report/charts.ts";
import { html } from "../report/html.ts";
import type { Html } from "../report/html.ts";

/** A line of a figure: one split's. */
export interface FigureLine {
  readonly x: readonly number[];
  readonly y: readonly number[];
  readonly dashed?: boolean;
  /** Number of its colour. @default its place among the lines */
  readonly colour?: number;
}

export interface FigurePanel {
  readonly title: string;
  readonly xName: string;
  readonly yName: string;
  readonly lines: readonly FigureLine[];
  /** Lines across, with a word each. */
  readonly levels?: readonly { readonly y: number; readonly name: string }[];
}

const [WIDTH, HEIGHT] = [460, 300] as const;
const PAD = { left: 50, right: 14, top: 34, bottom: 44 } as const;

/** Told apart by people who see colours differently, on white and on black: Okabe and Ito's. */
const COLOURS = ["#0072b2", "#e69f00", "#009e73", "#cc79a7", "#d55e00", "#56b4e9"] as const;

const STYLE = `text { font: 12px system-ui, sans-serif; fill: #555; } .title { font-weight: 600; font-size: 14px; }
.grid { stroke: #8884; } .axis { stroke: #888; } .level { stroke: #888; stroke-dasharray: 5 4; }
polyline { fill: none; stroke-width: 1.8; stroke-linejoin: round; } .dashed { stroke-dasharray: 3 3; stroke-width: 1.2; }
@media (prefers-color-scheme: dark) { text { fill: #bbb; } }`;

/** Panels side by side as one self-contained SVG file: the same colour is the same split in each. */
export function curveFigure(panels: readonly FigurePanel[]): string {
  const width = panels.length * WIDTH;
  const { html: text } = html`<svg
    xmlns="http://www.w3.org/2000/svg"
    viewBox="0 0 ${width} ${HEIGHT}"
    width="${width}"
    height="${HEIGHT}"
    role="img"
    aria-label="${panels.map(({ title }) => title).join("; ")}"
  >
    <style>
      ${STYLE}
    </style>
    ${panels.map((panel, i) => html`<g transform="translate(${i * WIDTH} 0)">${drawPanel(panel)}</g>`)}
  </svg> `;
  return text;
}

function drawPanel({ title, xName, yName, lines, levels = [] }: FigurePanel): Html {
  const [right, bottom] = [WIDTH - PAD.right, HEIGHT - PAD.bottom];
  const xs = lines.flatMap(({ x }) => x).filter(Number.isFinite);
  const ys = [...lines.flatMap(({ y }) => y), ...levels.map(({ y }) => y)].filter(Number.isFinite);
  const [x1, y0, y1] = [Math.max(1, ...xs), Math.min(0, ...ys), Math.max(1e-6, ...ys) * 1.06];
  const px = (x: number) => round(PAD.left + (x / x1) * (right - PAD.left));
  const py = (y: number) => round(bottom - ((y - y0) / (y1 - y0)) * (bottom - PAD.top));
  return html`<text class="title" x="${PAD.left}" y="18">${title}</text>
    ${ticks(y0, y1, 5).map(
      (y) =>
        html`<line class="grid" x1="${PAD.left}" x2="${right}" y1="${py(y)}" y2="${py(y)}" /><text
            text-anchor="end"
            x="${PAD.left - 6}"
            y="${py(y) + 4}"
            >${y}</text
          >`,
    )}
    ${ticks(0, x1, 6).map((x) => html`<text text-anchor="middle" x="${px(x)}" y="${bottom + 16}">${x}</text>`)}
    <line class="axis" x1="${PAD.left}" x2="${right}" y1="${bottom}" y2="${bottom}" />
    ${levels.map(
      ({ y, name }) =>
        html`<line class="level" x1="${PAD.left}" x2="${right}" y1="${py(y)}" y2="${py(y)}" /><text
            text-anchor="end"
            x="${right}"
            y="${py(y) - 4}"
            >${name}</text
          >`,
    )}
    ${lines.map(({ x, y, dashed = false, colour }, i) => {
      const points = x
        .map((at, k) => [at, y[k]!] as const)
        .filter(([at, value]) => Number.isFinite(at) && Number.isFinite(value))
        .map(([at, value]) => `${px(at)},${py(value)}`);
      return html`<polyline
        class="${dashed ? "dashed" : "solid"}"
        stroke="${COLOURS[(colour ?? i) % COLOURS.length]}"
        points="${points.join(" ")}"
      />`;
    })}
    <text text-anchor="middle" x="${(PAD.left + right) / 2}" y="${HEIGHT - 8}">${xName}</text>
    <text text-anchor="middle" transform="translate(13 ${(PAD.top + bottom) / 2}) rotate(-90)"
      >${yName}</text
    >`;
}

function round(value: number): number {
  return Math.round(value * 10) / 10;
}
