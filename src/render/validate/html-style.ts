/** The look of the page: the reader's own fonts, light or dark as the reader's system is. */
export const pageStyle = `
:root { color-scheme: light dark; --ink: #1c1c1c; --paper: #fff; --line: #ccc; --http: #0b5fae; --arrival: #a34700; --bad: #b00020; --good: #0a6b2d; --open: #7a5900; }
@media (prefers-color-scheme: dark) {
  :root { --ink: #e8e8e8; --paper: #161616; --line: #444; --http: #6cb6ff; --arrival: #ffa657; --bad: #ff7b86; --good: #5fd38a; --open: #e3b341; }
}
body { margin: 0; background: var(--paper); color: var(--ink); font: 16px/1.5 system-ui, sans-serif; }
main { max-width: 60rem; margin: 0 auto; padding: 1rem; }
table { border-collapse: collapse; margin: 1.5rem 0; width: 100%; }
caption { text-align: left; font-weight: bold; padding-bottom: .25rem; }
th, td { text-align: left; vertical-align: top; padding: .25rem .75rem .25rem 0; border-bottom: 1px solid var(--line); font-weight: normal; overflow-wrap: anywhere; }
thead th { font-weight: bold; }
figure { margin: 1.5rem 0; }
svg { width: 100%; height: auto; }
svg text { fill: var(--ink); font: 12px system-ui, sans-serif; }
.axis { stroke: var(--line); }
.http { stroke: var(--http); fill: none; stroke-width: 2; }
.arrival { stroke: var(--arrival); fill: none; stroke-width: 2; stroke-dasharray: 6 3; }
.lost { fill: var(--bad); }
.refused { fill: none; stroke: var(--bad); }
.findings { color: var(--bad); } .ok { color: var(--good); } .incomplete { color: var(--open); }
`;
