/** The style of the page: one for light and dark, narrow and wide, screen and paper. */
export const style = `
:root {
  color-scheme: light dark;
  --paper: #f6f7f9; --card: #fff; --ink: #1b2330; --soft: #5a6677; --line: #dfe3e9; --well: #eef1f5;
  --good: #157347; --bad: #b9271d; --warn: #8a5a00; --base: #7b8aa0; --head: #2f6bbd;
  --good-wash: #e3f4ea; --bad-wash: #fdeae8; --warn-wash: #fdf3dc;
}
@media (prefers-color-scheme: dark) {
  :root {
    --paper: #12161d; --card: #1a202a; --ink: #e6eaf0; --soft: #9aa6b6; --line: #2c3542; --well: #232b37;
    --good: #4cc38a; --bad: #ff8a80; --warn: #e3b341; --base: #8593a8; --head: #6ea8fe;
    --good-wash: #16301f; --bad-wash: #3a1c1b; --warn-wash: #33280f;
  }
}
* { box-sizing: border-box; }
html { -webkit-text-size-adjust: 100%; scroll-behavior: smooth; }
@media (prefers-reduced-motion: reduce) { html { scroll-behavior: auto; } }
body { margin: 0; background: var(--paper); color: var(--ink); overflow-wrap: anywhere;
  font: 16px/1.5 system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
main, header, footer { max-width: 70rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2.25rem; }
h1 { margin: 0; font-size: 1rem; font-weight: 600; color: var(--soft); }
h2 { margin: 2.5rem 0 .9rem; font-size: 1.15rem; letter-spacing: -.01em; }
h3 { margin: 0; font-size: 1rem; }
p { margin: 0; }
a { color: inherit; text-decoration-color: var(--base); text-underline-offset: .2em; }
a:hover { text-decoration-thickness: 2px; }
:focus-visible { outline: 2px solid var(--head); outline-offset: 2px; border-radius: 3px; }
code, pre, .location { font-family: ui-monospace, SFMono-Regular, "SF Mono", Menlo, Consolas, "Liberation Mono", monospace; }
code { font-size: .84em; }
pre { margin: .5rem 0 0; padding: .75rem .9rem; border-radius: 6px; background: var(--well); font-size: .78rem;
  line-height: 1.55; overflow: auto; max-height: 26rem; white-space: pre-wrap; }
.headline { margin: .3rem 0 0; display: flex; gap: .65rem; align-items: baseline;
  font-size: clamp(1.5rem, 4.5vw, 2.1rem); font-weight: 700; line-height: 1.2; letter-spacing: -.02em; }
.facts { display: flex; flex-wrap: wrap; gap: .35rem 1.6rem; margin: 1rem 0 0; font-size: .9rem; }
.facts div { display: flex; gap: .45rem; min-width: 0; }
dt { color: var(--soft); white-space: nowrap; } dd { margin: 0; min-width: 0; }
.card { background: var(--card); border: 1px solid var(--line); border-radius: 10px; padding: 1.1rem 1.25rem; }
.card + .card { margin-top: .9rem; }
.passed { color: var(--good); } .failed { color: var(--bad); } .skipped { color: var(--warn); }
.soft { color: var(--soft); } .small { font-size: .875rem; }
.number { text-align: right; white-space: nowrap; font-variant-numeric: tabular-nums; }
svg { display: block; width: 100%; }

.timeline { list-style: none; margin: 0; padding: 0; }
.timeline li { display: grid; grid-template-columns: minmax(9rem, 19rem) 1fr 5.5rem; gap: .1rem 1.1rem;
  align-items: center; padding: .5rem 0; border-top: 1px solid var(--line); }
.timeline li:first-child { border-top: 0; }
.timeline .name { font-weight: 600; min-width: 0; }
.timeline .mark { display: inline-block; width: 1.35em; font-weight: 700; }
.timeline .result { display: block; padding-left: 1.45em; font-weight: 400; }
.timeline svg { height: 14px; }
.track { fill: var(--well); } .bar-passed { fill: var(--good); } .bar-failed { fill: var(--bad); }
.scale { display: grid; grid-template-columns: minmax(9rem, 19rem) 1fr 5.5rem; gap: 1.1rem;
  font-size: .78rem; color: var(--soft); font-variant-numeric: tabular-nums; }
.scale div { display: flex; justify-content: space-between; grid-column: 2; }
.note { margin-top: .75rem; }

.gate-head { display: flex; flex-wrap: wrap; gap: .15rem .8rem; align-items: baseline; margin-bottom: .35rem; }
.diagnostics { list-style: none; margin: .9rem 0 0; padding: 0; }
.card.diagnostics { padding: 0 1.25rem; } .card.diagnostics li, .card.diagnostics li:last-child { padding: .8rem 0; } .card.diagnostics li:first-child { border-top: 0; }
.diagnostics li { padding: .8rem 0; border-top: 1px solid var(--line); }
.diagnostics li:last-child { padding-bottom: 0; }
.tag { display: inline-block; padding: .05rem .5rem; border-radius: 99px; font-size: .78rem; font-weight: 600;
  white-space: nowrap; margin-right: .4rem; background: var(--well); color: var(--soft); }
.tag.bad { background: var(--bad-wash); color: var(--bad); }
.tag.good { background: var(--good-wash); color: var(--good); }
.tag.warn { background: var(--warn-wash); color: var(--warn); }
.location { font-size: .84rem; font-weight: 600; }
.message { margin-top: .3rem; }
details { margin-top: .5rem; }
summary { cursor: pointer; color: var(--soft); font-size: .875rem; width: fit-content; max-width: 100%; }
summary:hover { color: var(--ink); }

table { border-collapse: collapse; width: 100%; font-size: .9rem; }
th { font-weight: 400; text-align: left; }
thead th { color: var(--soft); font-size: .8rem; padding-bottom: .3rem; }
thead th.number { text-align: right; }
td, tbody th { padding: .32rem 0; border-top: 1px solid var(--line); }
td + td, th + td, th + th { padding-left: 1rem; }
.total { display: flex; gap: 1rem; align-items: baseline; margin-bottom: .9rem; flex-wrap: wrap; }
.total strong { font-size: 1.9rem; letter-spacing: -.02em; line-height: 1; }
.uncovered td { border-top: 0; padding: 0 0 .3rem; } .uncovered details { margin: 0; }
.bar-cell { width: 46%; } .bar-cell svg { height: 9px; }
.fill-high { fill: var(--good); } .fill-mid { fill: var(--warn); } .fill-low { fill: var(--bad); } .fill-time { fill: var(--base); }

.benchmarks { display: grid; gap: .9rem; grid-template-columns: repeat(auto-fill, minmax(min(19.5rem, 100%), 1fr)); }
.benchmarks + .card { margin-top: .9rem; }
.benchmarks .card { margin: 0; min-width: 0; display: flex; flex-direction: column; gap: .55rem; }
.benchmarks .top > div { min-width: 0; }
.benchmarks .top { display: flex; justify-content: space-between; gap: .75rem; align-items: start; }
.lane-base { fill: var(--base); } .lane-head { fill: var(--head); }
.violin { opacity: .22; } .dot { opacity: .55; } .median { fill: var(--ink); }
.axis { stroke: var(--line); stroke-width: 1; }
.plot text { fill: var(--soft); font: 11px system-ui, sans-serif; font-variant-numeric: tabular-nums; }
.plot text.lane { fill: var(--ink); }
.medians { display: flex; flex-wrap: wrap; gap: .1rem 1.2rem; margin: 0; font-size: .875rem; font-variant-numeric: tabular-nums; }
.medians div { display: flex; gap: .4rem; min-width: 0; }
footer { padding: 2.5rem 1.25rem 2rem; color: var(--soft); font-size: .82rem; }

@media (max-width: 40rem) {
  main, header, footer { padding-left: .9rem; padding-right: .9rem; }
  .card { padding: .9rem; }
  .timeline li { grid-template-columns: 1fr auto; }
  .timeline li svg { grid-row: 2; grid-column: 1 / -1; }
  .scale { display: block; }
  .bar-cell { width: 30%; } .tests .bar-cell { display: none; }
  td + td, th + td, th + th { padding-left: .6rem; }
}
@media print {
  :root { color-scheme: light; --paper: #fff; --card: #fff; --ink: #000; --soft: #444; --line: #bbb; --well: #eee; }
  body { font-size: 11pt; }
  .card, li { break-inside: avoid; }
  details::details-content { content-visibility: visible; block-size: auto; }
  pre { max-height: none; }
}
`
