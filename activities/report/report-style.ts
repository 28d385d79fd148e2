/**
 * The report's style sheet: system fonts, light and dark as the reader's system says, one column on
 * a telephone, no background colours lost on paper. Marks over images keep their colours in both
 * schemes, because scans are dark in both.
 */
export const REPORT_STYLE = `
:root { color-scheme: light dark; --paper: #fbfbfa; --card: #fff; --ink: #1c1f23; --muted: #5d6570;
  --rule: #dfe2e6; --found: #b45309; --true: #0369a1; --good: #15803d; --warn: #a16207; --bad: #b91c1c;
  --line: #1d4ed8; }
@media (prefers-color-scheme: dark) { :root { --paper: #14171a; --card: #1c2024; --ink: #e7e9ec;
  --muted: #9aa3ad; --rule: #343a41; --found: #fbbf24; --true: #38bdf8; --good: #4ade80;
  --warn: #facc15; --bad: #f87171; --line: #7ea6ff; } }
* { box-sizing: border-box; }
body { margin: 0 auto; max-width: 1080px; padding: 28px 20px 60px; background: var(--paper);
  color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
h1 { font-size: 26px; line-height: 1.2; margin: 0; overflow-wrap: anywhere; }
h2 { font-size: 19px; margin: 36px 0 12px; }
h3 { font-size: 17px; margin: 0; overflow-wrap: anywhere; }
h4 { font-size: 14px; margin: 18px 0 6px; color: var(--muted); font-weight: 600; }
p { margin: 6px 0; }
a { color: var(--line); }
code { font: 13px/1.4 ui-monospace, monospace; overflow-wrap: anywhere; }
.muted { color: var(--muted); }
.outcome { display: inline-block; padding: 0 9px; border: 1.5px solid; border-radius: 99px;
  font-size: 13px; font-weight: 600; white-space: nowrap; }
.cropped, .completed { color: var(--good); } .kept-whole, .partial { color: var(--warn); }
.failed { color: var(--bad); } .cancelled, .running, .waiting { color: var(--muted); }
.tiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(132px, 1fr)); gap: 12px;
  margin: 18px 0; padding: 0; list-style: none; }
.tiles li, .card { background: var(--card); border: 1px solid var(--rule); border-radius: 10px; }
.tiles li { padding: 10px 14px; }
.tiles b { display: block; font-size: 21px; font-weight: 650; }
.card { padding: 16px 18px; margin: 14px 0; }
.cardhead { display: flex; flex-wrap: wrap; gap: 6px 12px; align-items: baseline; }
.scroll { overflow-x: auto; }
table { border-collapse: collapse; width: 100%; font-variant-numeric: tabular-nums; font-size: 14px; }
th, td { text-align: left; padding: 5px 14px 5px 0; border-bottom: 1px solid var(--rule);
  vertical-align: top; }
th { color: var(--muted); font-weight: 600; white-space: nowrap; }
td:first-child { min-width: 7em; } td.why { min-width: 15em; } table.tight { width: auto; }
td.n, th.n { text-align: right; white-space: nowrap; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: 3px 16px; margin: 10px 0; }
dt { color: var(--muted); } dd { margin: 0; overflow-wrap: anywhere; }
ul.reasons { margin: 8px 0; padding-left: 20px; }
.views { display: flex; flex-wrap: wrap; gap: 14px; margin-top: 12px; align-items: flex-end; }
figure { margin: 0; flex: 1 1 200px; max-width: 330px; }
figcaption { font-size: 13px; color: var(--muted); }
svg.view { display: block; width: 100%; max-height: 340px; background: #000; border-radius: 6px; }
svg.view image { image-rendering: pixelated; }
svg.view rect { fill: none; stroke-width: 2; vector-effect: non-scaling-stroke; }
svg.view .box { stroke: #ffb000; } svg.view .margin { stroke: #ffb000; stroke-dasharray: 5 4; }
svg.view .truth { stroke: #38bdf8; }
.legend { display: flex; flex-wrap: wrap; gap: 4px 18px; font-size: 13px; color: var(--muted); }
.legend svg.view { display: inline-block; width: 26px; height: 12px; vertical-align: -1px;
  background: #222; border-radius: 3px; }
svg.chart { display: block; width: 100%; height: auto; }
.scroll svg.chart { min-width: 540px; }
.chart .axis { stroke: var(--muted); } .chart .grid { stroke: var(--rule); }
.chart .line { fill: none; stroke: var(--line); stroke-width: 1.6; stroke-linejoin: round; }
.chart .level { stroke: var(--muted); stroke-dasharray: 5 4; }
.chart text { fill: var(--muted); font: 11px system-ui, sans-serif; }
.chart .band.found { fill: var(--found); opacity: .2; }
.chart .band.true { fill: none; stroke: var(--true); stroke-width: 1.5; }
svg.left { width: 120px; height: 10px; } .left .whole { fill: var(--rule); } .left .part { fill: var(--line); }
.key { display: inline-block; width: 22px; height: 11px; vertical-align: -1px; }
.key.found { background: var(--found); opacity: .3; } .key.true { border: 1.5px solid var(--true); }
.profiles { display: grid; grid-template-columns: repeat(auto-fit, minmax(240px, 1fr)); gap: 10px; }
.failure { border-left: 4px solid var(--bad); padding: 4px 0 4px 12px; margin: 10px 0; }
.failure p { white-space: pre-wrap; overflow-wrap: anywhere; }
.gap { color: var(--warn); }
footer { margin-top: 40px; color: var(--muted); font-size: 13px; }
@media (max-width: 560px) { body { padding: 18px 12px 40px; } dl { grid-template-columns: 1fr; gap: 0; }
  dd { margin-bottom: 6px; } figure { max-width: none; } }
@media print { body { max-width: none; padding: 0; font-size: 12px; } .card { break-inside: avoid; }
  svg.view, .key { print-color-adjust: exact; -webkit-print-color-adjust: exact; } }
`;
