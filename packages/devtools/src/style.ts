import { ROW_HEIGHT } from './widgets/virtual-list.ts'

let sheet: CSSStyleSheet | undefined

/** A constructed sheet: a page whose policy forbids inline styles has the panel's all the same. */
export function styleSheet(): CSSStyleSheet {
  if (!sheet) {
    sheet = new CSSStyleSheet()
    sheet.replaceSync(CSS)
  }
  return sheet
}

/** Nothing in here moves: there is no motion that anybody could want reduced. */
const CSS = `
:host {
  all: initial;
  color-scheme: light dark;
  --ink: light-dark(#1c1b22, #ecebf4);
  --soft: light-dark(#5b5967, #aeabbd);
  --paper: light-dark(#fbfafe, #17161d);
  --card: light-dark(#ffffff, #1f1d28);
  --line: light-dark(#d9d5ea, #3b3848);
  --accent: light-dark(#5a48e0, #9d92ff);
  --on-accent: light-dark(#ffffff, #15141b);
  --mark: light-dark(#ece9ff, #322c5c);
  --user: light-dark(#8a3a00, #ffb683);
  --run: light-dark(#5240d4, #aaa0ff);
  --tool: light-dark(#00606b, #6fd6e2);
  --text: light-dark(#1c5f1f, #8fd892);
  --bad: light-dark(#a3182f, #ff97a6);
  --row: ${ROW_HEIGHT}px;
  font: 13px/1.45 system-ui, sans-serif;
  color: var(--ink);
}
*, ::before, ::after { box-sizing: border-box; }
[hidden] { display: none !important; }
:focus-visible { outline: 2px solid var(--accent); outline-offset: -2px; }
button, select, input { font: inherit; color: inherit; }
button, select, input[type=search] {
  min-height: 26px;
  padding: 1px 8px;
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--card);
}
button { cursor: pointer; }
button:disabled { color: var(--soft); opacity: .6; cursor: default; }
button[aria-pressed=true] { border-color: var(--accent); background: var(--mark); }
pre, .row, .node, .chart, .table td, .status { font-family: ui-monospace, monospace; font-size: 12px; }

.opener {
  position: fixed;
  inset: auto 12px 0 auto;
  z-index: 2147483000;
  min-height: 18px;
  padding: 0 8px;
  border-bottom: 0;
  border-radius: 6px 6px 0 0;
  color: var(--accent);
  font-size: 11px;
}
.shell {
  position: fixed;
  z-index: 2147483000;
  display: flex;
  background: var(--paper);
  color: var(--ink);
}
.shell[data-dock=bottom] { inset: auto 0 0; height: var(--size); border-top: 1px solid var(--line); }
.shell[data-dock=right] { inset: 0 0 0 auto; width: var(--size); border-left: 1px solid var(--line); }
.resizer { position: absolute; z-index: 1; touch-action: none; }
.resizer:hover { background: var(--accent); }
.resizer:focus-visible { background: var(--accent); }
[data-dock=bottom] > .resizer { inset: -3px 0 auto; height: 6px; cursor: row-resize; }
[data-dock=right] > .resizer { inset: 0 auto 0 -3px; width: 6px; cursor: col-resize; }

.panel { flex: 1; display: flex; flex-direction: column; min-width: 0; container: panel / inline-size; }
.toolbar { display: flex; flex-wrap: wrap; gap: 4px 8px; align-items: center; padding: 6px 8px; border-bottom: 1px solid var(--line); }
.toolbar select { max-width: 14rem; }
.toolbar .group { display: flex; gap: 4px; }
.toolbar .end { margin-left: auto; }
.toolbar input[type=range] { flex: 1 1 8rem; min-width: 5rem; max-width: 24rem; accent-color: var(--accent); }
.status { min-width: 15rem; color: var(--accent); font-weight: 600; }
.position { color: var(--soft); font-variant-numeric: tabular-nums; }
.problem { margin: 0; padding: 4px 8px; background: var(--card); color: var(--bad); }

.panes { flex: 1; display: grid; grid-template: minmax(0, 1fr) / minmax(15rem, 21rem) minmax(0, 1fr); min-height: 0; }
.chart { overflow: auto; padding: 8px; border-right: 1px solid var(--line); }
.chart ul { display: flex; flex-wrap: wrap; gap: 5px; margin: 0; padding: 0; list-style: none; }
.chart li {
  flex: 1 1 auto;
  padding: 2px 6px 4px;
  border: 1px solid var(--line);
  border-radius: 6px;
  background: var(--card);
  color: var(--soft);
  font-weight: 400;
}
.chart li > ul { margin-top: 2px; }
.chart li[data-left] { border: 1px dashed var(--accent); }
.chart li[aria-current] { border-color: var(--accent); color: var(--ink); font-weight: 600; }
.chart li[aria-current]:not(:has(li)) { background: var(--accent); color: var(--on-accent); }
.chart li[data-state=error][aria-current] { border-color: var(--bad); background: var(--bad); }
.chart li[aria-current]:not(:has(li)) > .state::before { content: '● ' / ''; }
.transition { margin: 8px 0 0; overflow-wrap: anywhere; }

.tabs { display: flex; flex-direction: column; min-width: 0; min-height: 0; }
.tablist { display: flex; gap: 2px; padding: 4px 8px 0; border-bottom: 1px solid var(--line); }
.tablist button { border-color: transparent; border-radius: 6px 6px 0 0; background: none; color: var(--soft); }
.tablist button[aria-selected=true] { border-color: var(--line) var(--line) transparent; background: var(--card); color: var(--ink); font-weight: 600; }
.tabpanel { flex: 1; min-height: 0; overflow: auto; }

.timeline { display: flex; flex-direction: column; height: 100%; }
.filters { display: flex; flex-wrap: wrap; gap: 4px; align-items: center; padding: 6px 8px; border-bottom: 1px solid var(--line); }
.filters input { flex: 1 1 8rem; min-width: 7rem; max-width: 16rem; }
.chip { flex: none; border-radius: 99px; font-size: 12px; min-height: 24px; }
.chip[aria-pressed=false] { color: var(--soft); text-decoration: line-through; }
.count { margin-left: auto; color: var(--soft); font-variant-numeric: tabular-nums; }
.split { flex: 1; display: grid; grid-template: minmax(0, 1fr) / minmax(0, 3fr) minmax(0, 2fr); min-height: 0; }
.list { overflow: auto; overflow-anchor: none; }
.spacer { position: relative; }
.row {
  position: absolute;
  inset: 0 0 auto;
  display: grid;
  grid-template-columns: 4.5rem 12.5rem minmax(0, 1fr);
  gap: 8px;
  height: var(--row);
  padding: 3px 8px;
  white-space: nowrap;
  cursor: pointer;
}
.row > * { overflow: hidden; text-overflow: ellipsis; }
.row .time { color: var(--soft); text-align: right; font-variant-numeric: tabular-nums; }
.row .title { font-weight: 600; }
.row[data-chunk] .title { padding-left: 12px; font-weight: 400; }
.row .summary { color: var(--soft); }
.row[data-kind=user] .title { color: var(--user); }
.row[data-kind=run] .title, .row[data-kind=run-chunk] .title { color: var(--run); }
.row[data-kind=tool] .title, .row[data-kind=tool-chunk] .title { color: var(--tool); }
.row[data-kind=text] .title, .row[data-kind=reasoning] .title { color: var(--text); }
.row:hover { background: var(--card); }
.row[aria-selected=true] { background: var(--mark); box-shadow: inset 3px 0 var(--accent); }
.row[aria-selected=true] .summary, .row[aria-selected=true] .time { color: var(--ink); }
.detail { overflow: auto; padding: 8px; border-left: 1px solid var(--line); }
.detail p { margin: 0 0 6px; color: var(--soft); overflow-wrap: anywhere; }
.detail .title { margin: 0; color: inherit; font-weight: 600; }
.hint { margin: 0; padding: 12px; color: var(--soft); }
.detail .hint { padding: 0; }

.transcript { padding: 8px; }
.node { padding-left: 14px; border-radius: 4px; }
.node > .line { display: flex; gap: 6px; padding: 1px 4px; cursor: default; }
.node[aria-expanded] > .line { margin-left: -14px; cursor: pointer; }
.node[aria-expanded] > .line::before { content: '▸' / ''; width: 10px; flex: none; color: var(--soft); }
.node[aria-expanded=true] > .line::before { content: '▾' / ''; }
.node:focus-visible { outline: none; }
.node:focus-visible > .line { outline: 2px solid var(--accent); outline-offset: -1px; border-radius: 4px; }
.key { color: var(--run); flex: none; }
.key::after { content: ':'; color: var(--soft); }
.value { min-width: 0; overflow: hidden; text-overflow: ellipsis; white-space: nowrap; }
.value[data-kind=string] { color: var(--text); }
.value[data-kind=number], .value[data-kind=boolean], .value[data-kind=null] { color: var(--user); }
.node pre { margin: 2px 0 2px 4px; padding: 4px 8px; border-left: 2px solid var(--line); white-space: pre-wrap; overflow-wrap: anywhere; }

.table table { width: 100%; border-collapse: collapse; }
.table caption { position: absolute; clip-path: inset(50%); width: 1px; height: 1px; overflow: hidden; }
.table th, .table td { padding: 3px 8px; border-bottom: 1px solid var(--line); text-align: left; vertical-align: top; }
.table th { position: sticky; top: 0; background: var(--paper); color: var(--soft); font-weight: 600; white-space: nowrap; }
.table td { max-width: 24rem; overflow-wrap: anywhere; }
.table td:nth-child(-n + 2) { white-space: nowrap; overflow-wrap: normal; }
.table tr[data-mark=open] td { background: var(--mark); }
.table tr[data-mark=failed] td, .table tr[data-mark=dropped] td, .table tr[data-mark=error] td { color: var(--bad); }

@container panel (width < 46rem) {
  .panes { grid-template: minmax(0, 2fr) minmax(0, 3fr) / minmax(0, 1fr); }
  .filters { flex-wrap: nowrap; overflow-x: auto; }
  .row { grid-template-columns: 3.8rem 9.5rem minmax(0, 1fr); }
  .chart { border-right: 0; border-bottom: 1px solid var(--line); }
  .split { grid-template: minmax(0, 3fr) minmax(0, 2fr) / minmax(0, 1fr); }
  .split:has(.hint:not([hidden])) { grid-template: minmax(0, 1fr) / minmax(0, 1fr); }
  .detail:has(.hint:not([hidden])) { display: none; }
  .detail { border-left: 0; border-top: 1px solid var(--line); }
  .status { min-width: 0; }
}
@media (forced-colors: active) {
  .chart li[aria-current], .row[aria-selected=true], .chip[aria-pressed=true] { outline: 2px solid Highlight; }
}
`
