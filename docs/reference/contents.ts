/** The index of the reference, by what one wants to do. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { firstSentence } from "./docstring.ts"
import { type Names, pathTo } from "./links.ts"
import { link, table } from "./markdown.ts"
import type { PageSource } from "./page.ts"

const modulesTable = (sources: ReadonlyArray<PageSource>): string =>
  table("module", sources.map(({ opening, path }) => [link(path.replace(/\.md$/, ""), path), firstSentence(opening)]))

/** The index: `index.md`, where `[[Orders.refund]]` is a link, and `[[modules]]` the table of all modules. */
export const writeContents = (sources: ReadonlyArray<PageSource>, names: Names): string =>
  readFileSync(join(import.meta.dirname, "index.md"), "utf8").replaceAll(/\[\[([\w.]+)\]\]/g, (_, name: string) => {
    if (name === "modules") return modulesTable(sources)
    const target = names.get(name)
    if (target === undefined) throw new Error(`docs/reference/index.md names ${name}, which is not there`)
    return link(name, pathTo("README.md", target.page, target.anchor))
  })
