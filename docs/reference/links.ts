/** Where each name is described, and links from one description to another. */
import { dirname, relative } from "node:path"

/** What a name that a text mentions may mean, and where that is described. */
export interface Target {
  /** Such as `Orders.md`. */
  readonly page: string
  /** Such as `ordersrefund`. */
  readonly anchor: string
  /** One sentence. */
  readonly summary: string
}

export type Names = ReadonlyMap<string, Target>

/** The anchor that GitHub gives to a heading. */
export const anchorOf = (heading: string): string =>
  heading.trim().toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, "").replace(/\s/g, "-")

/** The path of a link from one page to another. */
export const pathTo = (from: string, page: string, anchor = ""): string => {
  const path = from === page && anchor !== "" ? "" : relative(dirname(from), page)
  return anchor === "" ? path : `${path}#${anchor}`
}

/**
 * Links the names that stand in a text as code, each where it comes first. `known` are the names that the text may mean,
 * those that are meant first before others.
 */
export const linked = (text: string, page: string, own: string, known: ReadonlyArray<Names>): string => {
  const used = new Set([own])
  return text.replaceAll(/(?<!\[)`([A-Za-z][\w.]*)`/g, (code, name: string) => {
    const target = known.flatMap((names) => names.get(name) ?? [])[0]
    if (target === undefined || used.has(name)) return code
    used.add(name)
    return `[${code}](${pathTo(page, target.page, target.anchor)})`
  }).replaceAll(
    /(?<![\w/])docs\/([\w-]+\.md)\b/g,
    (name, file: string) => `[${name}](${pathTo(page, `../${file}`)})`
  )
}
