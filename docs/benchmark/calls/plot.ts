/**
 * Bar charts as SVG, side by side over the same rows. They stand on a card of their own, light or dark as the reader's
 * system is, so that they can be read on any page.
 */
interface Bar {
  readonly label: string
  readonly kind: "ours" | "effect" | "other"
}

interface Panel {
  readonly title: string
  /** One value for each row. */
  readonly values: ReadonlyArray<number>
  readonly format: (value: number) => string
  /** Where a line across the bars marks what they are compared with. */
  readonly mark?: number
}

const width = 960
const margin = 24
const labelWidth = 240
const valueWidth = 44
const gap = 28
const rowHeight = 22
const barHeight = 14
const headHeight = 62
const panelHead = 34

const style = `
    text { font: 12px system-ui, -apple-system, "Segoe UI", Helvetica, Arial, sans-serif; fill: #1f2328 }
    .card { fill: #ffffff; stroke: #d0d7de }
    .title { font-size: 16px; font-weight: 600 }
    .note, .value { fill: #59636e }
    .panel { font-weight: 600 }
    .value { font-size: 11px; paint-order: stroke; stroke: #ffffff; stroke-width: 4px }
    .ours { fill: #0969da }
    .effect { fill: #8250df }
    .other { fill: #8c959f }
    .strong { font-weight: 600 }
    .mark { stroke: #cf222e; stroke-dasharray: 3 3 }
    @media (prefers-color-scheme: dark) {
      text { fill: #e6edf3 }
      .card { fill: #161b22; stroke: #3d444d }
      .note, .value { fill: #9198a1 }
      .value { stroke: #161b22 }
      .ours { fill: #4493f8 }
      .effect { fill: #ab7df8 }
      .other { fill: #6e7681 }
      .mark { stroke: #f85149 }
    }`

const escape = (text: string): string => text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;")

const text = (x: number, y: number, kind: string, content: string, anchor = "start"): string =>
  `<text x="${x.toFixed(1)}" y="${y.toFixed(1)}" class="${kind}" text-anchor="${anchor}">${escape(content)}</text>`

const drawMark = (x: number, y: number, rows: number): string => {
  const bottom = y + rows * rowHeight - rowHeight + barHeight + 4
  return `<line x1="${x.toFixed(1)}" x2="${x.toFixed(1)}" y1="${y - 4}" y2="${bottom}" class="mark"/>`
}

const drawPanel = (bars: ReadonlyArray<Bar>, panel: Panel, x: number, y: number, panelWidth: number): string => {
  const scale = (panelWidth - valueWidth) / Math.max(...panel.values, panel.mark ?? 0)
  const rows = bars.map(({ kind }, row) => {
    const value = panel.values[row] ?? Number.NaN
    return { kind, value, top: y + panelHead + row * rowHeight, length: Math.max(1, value * scale) }
  })
  const drawn = rows.map(({ kind, length, top }) =>
    `<rect x="${x.toFixed(1)}" y="${top}" width="${length.toFixed(1)}" height="${barHeight}" rx="2" class="${kind}"/>`
  )
  const values = rows.map(({ length, top, value }) =>
    text(x + length + 5, top + barHeight - 3, "value", panel.format(value))
  )
  const mark = panel.mark === undefined ? [] : [drawMark(x + panel.mark * scale, y + panelHead, bars.length)]
  // The values come last, so that the line does not cross them.
  return [text(x, y + 18, "panel", panel.title), ...drawn, ...mark, ...values].join("\n  ")
}

/** A chart of several panels in rows of so many, over the same bars. */
export const chart = (
  title: string,
  note: string,
  bars: ReadonlyArray<Bar>,
  panels: ReadonlyArray<Panel>,
  columns: number
): string => {
  const panelWidth = (width - 2 * margin - labelWidth - gap * (columns - 1)) / columns
  const blockHeight = panelHead + bars.length * rowHeight + 14
  const blocks = Math.ceil(panels.length / columns)
  const height = headHeight + blocks * blockHeight + 10
  const labels = Array.from({ length: blocks }, (_, block) =>
    bars.map(({ kind, label }, row) =>
      text(
        margin + labelWidth - 10,
        headHeight + block * blockHeight + panelHead + row * rowHeight + barHeight - 3,
        kind === "ours" ? "strong" : "plain",
        label,
        "end"
      )
    )).flat()
  const drawn = panels.map((panel, index) =>
    drawPanel(
      bars,
      panel,
      margin + labelWidth + (index % columns) * (panelWidth + gap),
      headHeight + Math.floor(index / columns) * blockHeight,
      panelWidth
    )
  )
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-label="${
    escape(title)
  }">
  <style>${style}
  </style>
  <rect x="0.5" y="0.5" width="${width - 1}" height="${height - 1}" rx="8" class="card"/>
  ${text(margin, 32, "title", title)}
  ${text(margin, 52, "note", note)}
  ${[...labels, ...drawn].join("\n  ")}
</svg>
`
}
