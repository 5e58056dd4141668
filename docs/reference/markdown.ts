/** The parts of a page in Markdown. What is empty is left out. */

export const fenced = (language: string, code: string): string =>
  code === "" ? "" : `\`\`\`${language}\n${code}\n\`\`\``

export const paragraphs = (...parts: ReadonlyArray<string>): string => parts.filter((part) => part !== "").join("\n\n")

type Row = ReadonlyArray<string>

const line = (cells: Row): string =>
  `|${cells.map((cell) => cell === "" ? " " : ` ${cell.replaceAll("|", "\\|")} `).join("|")}|`

/** A table whose first column alone has a heading. */
export const table = (heading: string, rows: ReadonlyArray<Row>): string => {
  const [first] = rows
  if (first === undefined) return ""
  const others = first.slice(1)
  return [[heading, ...others.map(() => "")], first.map(() => "---"), ...rows].map(line).join("\n")
}

export const link = (name: string, path: string): string => `[\`${name}\`](${path})`
