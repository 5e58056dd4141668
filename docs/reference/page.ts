/** The page of one module, in Markdown. */
import type { Description, Member } from "./description.ts"
import { type Docstring, firstSentence } from "./docstring.ts"
import { kinds } from "./kind.ts"
import { anchorOf, linked, type Names, pathTo, type Target } from "./links.ts"
import { fenced, link, paragraphs, table } from "./markdown.ts"
import type { Place } from "./places.ts"

export interface PageSource {
  readonly place: Place
  /** Such as `testing/Fault.md`. */
  readonly path: string
  readonly title: string
  /** What the module is. */
  readonly opening: string
  /** How it is imported, a line for each way. */
  readonly imports: ReadonlyArray<string>
  readonly descriptions: ReadonlyArray<Description>
  /** The modules behind names of this one, and their pages. */
  readonly within: ReadonlyArray<{ readonly name: string; readonly path: string; readonly opening: string }>
  /** Names that belong to other modules, and are exported here too. */
  readonly passedOn: ReadonlyArray<{ readonly name: string; readonly target: Target }>
  /** The exports that the main door does not have. */
  readonly notInMainDoor: ReadonlySet<string>
}

/** The names by which the texts of a page mean what is on it. */
export const ownNames = ({ descriptions, path }: PageSource): Names =>
  new Map(descriptions.map(({ docstring, exported: { name }, heading }) => [
    name,
    { page: path, anchor: anchorOf(heading), summary: firstSentence(docstring.text) }
  ]))

/** The names by which the texts of an export mean its members, with what stands before each. */
export const memberNames = ({ path }: PageSource, { exported, members }: Description, before = ""): Names =>
  new Map(members.map(({ docstring, name }) => [
    before + name,
    { page: path, anchor: anchorOf(`${exported.name}.${name}`), summary: firstSentence(docstring.text) }
  ]))

/** More links than these are no help below a signature. */
const mostLinks = 12

/** Writes a page. `signature` gives a statement as it is shown, `all` are the names of all pages. */
export const writePage = (source: PageSource, all: Names, signature: (statement: string) => string): string => {
  const { descriptions, imports, notInMainDoor, opening, passedOn, path, place, title, within } = source
  const own = ownNames(source)
  const inOrder = descriptions.toSorted((a, b) => kinds.indexOf(a.kind) - kinds.indexOf(b.kind))
  const linkTo = (name: string, target: Target): string => link(name, pathTo(path, target.page, target.anchor))

  /** The names of types in a signature that are described somewhere. */
  const mentioned = (statement: string, name: string): string => {
    const names = new Set(statement.replaceAll(/"[^"]*"/g, "").match(/(?<![\w.])[A-Z]\w+(?:\.[A-Z]\w+)?/g) ?? [])
    const links = [...names].filter((each) => each !== name).flatMap((each) => {
      const last = each.replace(/^.*\./, "")
      const target = all.get(each) ?? own.get(last) ?? all.get(last)
      return target === undefined ? [] : [linkTo(each, target)]
    })
    return links.length === 0 || links.length > mostLinks ? "" : `Types: ${links.toSorted().join(", ")}`
  }

  const oneOf = (names: ReadonlyArray<string>): string =>
    table(
      "one of",
      names.flatMap((name) => {
        const target = all.get(name)
        return target === undefined ? [] : [[linkTo(name, target), target.summary]]
      })
    )

  const examples = (docstring: Docstring): ReadonlyArray<string> =>
    docstring.examples.map((example) => fenced("ts", example))

  const member = (description: Description, { docstring, name, signature: statement }: Member): string =>
    paragraphs(
      `### ${description.exported.name}.${name}`,
      fenced("typescript", signature(statement)),
      linked(docstring.text, path, name, [memberNames(source, description), own, all]),
      ...examples(docstring),
      mentioned(statement, name)
    )

  const section = (description: Description): string => {
    const { docstring, exported: { name }, heading, members, signature: statement } = description
    return paragraphs(
      `## ${heading}`,
      fenced("typescript", signature(statement)),
      linked(docstring.text, path, name, [memberNames(source, description), own, all]),
      description.isSchemaToo ? `\`${name}\` is a schema too.` : "",
      notInMainDoor.has(name) ? `Not in the main door: import it from \`${place.door}\`.` : "",
      ...examples(docstring),
      oneOf(description.oneOf),
      members.length === 0 ? mentioned(statement, name) : "",
      ...members.map((each) => member(description, each))
    )
  }

  const rowsOf = ({ docstring, exported: { name }, heading, kind, members }: Description) => [
    [link(name, `#${anchorOf(heading)}`), kind, firstSentence(docstring.text)],
    ...members.map((each) => [
      link(`${name}.${each.name}`, `#${anchorOf(`${name}.${each.name}`)}`),
      "",
      firstSentence(each.docstring.text)
    ])
  ]

  const text = paragraphs(
    `[API](${pathTo(path, "README.md")})`,
    `# ${title}`,
    linked(opening, path, title, [own, all]),
    fenced("typescript", imports.join("\n")),
    table("module", within.map((each) => [link(each.name, pathTo(path, each.path)), firstSentence(each.opening)])),
    table("export", inOrder.flatMap(rowsOf)),
    passedOn.length === 0
      ? ""
      : `It also exports ${passedOn.map(({ name, target }) => linkTo(name, target)).join(", ")}.`,
    ...inOrder.map(section)
  )
  return `${text}\n`
}
