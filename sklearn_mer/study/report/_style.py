"""How the page looks: no fonts, scripts or pictures from elsewhere."""

STYLE = """
:root { color-scheme: light; --line: #d5d9e0; --soft: #f5f6f8; --dim: #59606b; --blue: #0b5394; }
* { box-sizing: border-box; }
body { margin: 0; background: #fff; color: #1d2127; line-height: 1.5;
  font-family: system-ui, -apple-system, "Segoe UI", Roboto, "Helvetica Neue", Arial, sans-serif; }
header, main, footer { max-width: 62rem; margin: 0 auto; padding: 0 1.25rem; }
header { padding-top: 2rem; }
h1 { font-size: 1.75rem; line-height: 1.2; margin: 0 0 0.75rem; }
h2 { font-size: 1.3rem; margin: 2.5rem 0 0.75rem; padding-top: 0.75rem;
  border-top: 1px solid var(--line); }
h3 { font-size: 1.05rem; margin: 1.5rem 0 0.5rem; }
p { margin: 0.6rem 0; max-width: 46rem; }
a { color: var(--blue); }
nav { margin: 1rem 0 0; }
nav a { display: inline-block; margin: 0 1rem 0.35rem 0; }
dl { display: grid; grid-template-columns: max-content minmax(0, 1fr); gap: 0.25rem 1rem;
  margin: 0.75rem 0; padding: 0.85rem 1rem; background: var(--soft); border-radius: 6px; }
dt { color: var(--dim); }
dd { margin: 0; overflow-wrap: anywhere; }
.scroll { overflow-x: auto; margin: 0.75rem 0; border: 1px solid var(--line); border-radius: 6px; }
table { border-collapse: collapse; width: 100%; font-size: 0.92rem;
  font-variant-numeric: tabular-nums; }
th, td { padding: 0.4rem 0.75rem; text-align: right; white-space: nowrap; vertical-align: top; }
th { background: var(--soft); font-weight: 600; border-bottom: 1px solid var(--line); }
tbody tr + tr td, tbody tr + tr th { border-top: 1px solid #eceef2; }
tbody th { background: #fff; font-weight: 500; border-bottom: 0; }
th:first-child { position: sticky; left: 0; }
.left { text-align: left; }
.long { white-space: normal; min-width: 16rem; overflow-wrap: anywhere; }
figure { margin: 1rem 0; }
figure svg { display: block; width: 100%; height: auto; max-width: 40rem; }
figcaption { color: var(--dim); font-size: 0.9rem; max-width: 44rem; margin-top: 0.35rem; }
.grid { display: grid; gap: 1.25rem;
  grid-template-columns: repeat(auto-fill, minmax(min(100%, 19rem), 1fr)); }
.grid figure { margin: 0; }
.row { grid-column: 1 / -1; overflow-x: auto; }
.row svg { max-width: none; min-width: 34rem; }
.wide { grid-template-columns: repeat(auto-fill, minmax(min(100%, 27rem), 1fr)); }
details { margin: 0.5rem 0; }
summary { cursor: pointer; padding: 0.25rem 0; }
pre { background: var(--soft); border-radius: 6px; padding: 0.75rem 1rem; margin: 0.5rem 0;
  white-space: pre-wrap; overflow-wrap: anywhere; font-size: 0.85rem; line-height: 1.45; }
code, pre { font-family: ui-monospace, SFMono-Regular, Menlo, Consolas, monospace; }
.note { border-left: 3px solid #d8a200; background: #fff9e8; padding: 0.5rem 0.85rem; }
footer { color: var(--dim); font-size: 0.9rem; padding-top: 1.5rem; padding-bottom: 3rem; }
@media (max-width: 40rem) {
  header, main, footer { padding-left: 0.9rem; padding-right: 0.9rem; }
  header { padding-top: 1.25rem; }
  h1 { font-size: 1.4rem; }
  dl { grid-template-columns: minmax(0, 1fr); gap: 0; }
  dd { margin-bottom: 0.5rem; }
  th, td { padding: 0.35rem 0.55rem; }
}
@media print { nav { display: none; } figure, tr { break-inside: avoid; } }
"""
