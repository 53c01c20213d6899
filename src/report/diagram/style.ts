const LIGHT = `
--page: #fff; --text: #1c2733; --soft: #5a6b7b; --line: #c3ccd5;
--area: #f4f6f8; --box: #fff; --open: #b4530a; --keep: #1d5fa8`;

const DARK = `
--page: #10161d; --text: #e4eaf0; --soft: #9fb0c0; --line: #3d4a57;
--area: #18202a; --box: #202b37; --open: #f0a35c; --keep: #7db4f0`;

/** The style sheet of a page. Colors have the contrasts of WCAG 2.2, level AA; paper is always light. */
export const STYLE = `
:root { ${LIGHT}; color-scheme: light dark }
@media (prefers-color-scheme: dark) { :root { ${DARK} } }
body { margin: 24px; background: var(--page); color: var(--text); font: 14px/1.45 system-ui, sans-serif }
h1 { font-size: 22px }
h2 { font-size: 18px }
.picture { overflow-x: auto }
svg { font: 12px system-ui, sans-serif }
svg text { fill: var(--soft) }
.area rect { fill: var(--area); stroke: var(--line) }
.area.outside rect { fill: none; stroke-dasharray: 5 4 }
.area text { font-weight: 600 }
.box rect { fill: var(--box); stroke: var(--soft) }
.box .name { fill: var(--text); font-weight: 600; font-size: 13px }
.box.keeps rect { stroke: var(--keep); stroke-width: 2 }
.box.host rect, .box.exposed rect { stroke: var(--open); stroke-width: 2 }
.box.peer rect { stroke-dasharray: 5 4 }
.box:focus { outline: none }
.box:is(:hover, :focus) rect { stroke-width: 3 }
.link path { fill: none; stroke: var(--soft); stroke-width: 1.4 }
.link.outside path { stroke: var(--open) }
.link text { font-size: 11px; text-anchor: end; fill: var(--text) }
.link text { paint-order: stroke; stroke: var(--area); stroke-width: 4px }
marker path { fill: var(--soft) }
.legend { color: var(--soft) }
table { border-collapse: collapse; margin: 20px 0 }
caption { text-align: left; font-weight: 600; padding: 4px 0 }
th, td { border-bottom: 1px solid var(--line); padding: 3px 16px 3px 0; text-align: left; vertical-align: top }
th { color: var(--soft); font-weight: 600 }
@page { size: A4 landscape; margin: 10mm }
@media print {
  :root { ${LIGHT}; color-scheme: light }
  body { margin: 0 }
  .picture { overflow: visible }
  svg { width: 100%; height: auto }
  tr { break-inside: avoid }
  thead { display: table-header-group }
}
`;
