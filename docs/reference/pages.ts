/** All pages of the reference, from the docstrings of the package. */
import { readFileSync } from "node:fs"
import { join } from "node:path"
import { writeContents } from "./contents.ts"
import type { Declarations, Exported } from "./declarations.ts"
import { describer, type Description } from "./description.ts"
import { openingOf } from "./docstring.ts"
import { importsOf } from "./imports.ts"
import { type Kind, kindOf } from "./kind.ts"
import { homesOf, namesOf } from "./names.ts"
import { type PageSource, writePage } from "./page.ts"
import { packageName, type Place, placesOf, titleOf } from "./places.ts"
import { shownStatements } from "./signature.ts"
import { shorterBy } from "./spelledOut.ts"
import { typesBy } from "./types.ts"

const pathOf = ({ door, namespace }: Place): string =>
  `${[door.slice(packageName.length + 1), ...(namespace === undefined ? [] : [namespace])].join("/")}.md`

/** What the comment at the top of a module's source says, before anything is imported. */
const openingIn = (root: string, { module }: Place): string =>
  openingOf(readFileSync(join(root, "src", `${module.file}.ts`), "utf8"))

/** Makes headings differ in more than the case of their letters, which links do not tell apart. */
const toldApart = (descriptions: ReadonlyArray<Description>): ReadonlyArray<Description> =>
  descriptions.map((each, index) => {
    const name = each.heading.toLowerCase()
    const isTwin = descriptions.slice(0, index).some(({ heading }) => heading.toLowerCase() === name)
    return isTwin ? { ...each, heading: `${each.heading}, ${each.kind}` } : each
  })

/** As the author of a module put its exports. */
const asWritten = (a: Exported, b: Exported): number =>
  a.file === b.file ? (a.declarations[0]?.pos ?? 0) - (b.declarations[0]?.pos ?? 0) : a.file < b.file ? -1 : 1

/** The pages by their paths below `docs/api`. */
export const pagesOf = (root: string, declarations: Declarations): ReadonlyMap<string, string> => {
  const places = placesOf(declarations)
  const ownOf = (place: Place): ReadonlyArray<Exported> =>
    place.module.exports.filter((each) => places.of(each) === place).toSorted(asWritten)
  const exported = places.all.flatMap(ownOf)
  const ofKind = (kind: Kind): ReadonlyArray<string> =>
    exported.filter((each) => kindOf(declarations, each) === kind).map(({ name }) => name)
  const types = typesBy(declarations, exported)
  const describe = describer(
    declarations,
    types,
    shorterBy(declarations, exported),
    ofKind("error"),
    (each) => places.of(each) !== undefined
  )
  const inMainDoor = new Set(places.ofFile("index")?.module.exports.map(({ symbol }) => symbol.id))

  const described = places.all.filter(({ module }) => module.file !== "index").map((place): PageSource => {
    const own = ownOf(place)
    const others = own.filter(({ symbol }) => !inMainDoor.has(symbol.id))
    return {
      place,
      path: pathOf(place),
      title: titleOf(place),
      opening: openingIn(root, place),
      imports: importsOf(
        places,
        place,
        (each) => kindOf(declarations, each) === "type" ? `type ${each.name}` : each.name
      ),
      descriptions: toldApart(own.map(describe)),
      within: place.module.namespaces.flatMap(({ file, name }) => {
        const within = places.ofFile(file)
        return within === undefined ? [] : [{ name, path: pathOf(within), opening: openingIn(root, within) }]
      }),
      passedOn: [],
      notInMainDoor: new Set(others.length < own.length ? others.map(({ name }) => name) : [])
    }
  })
  const homeOf = homesOf(places, described)
  const sources = described.map((source): PageSource => ({
    ...source,
    passedOn: source.place.module.exports.filter((each) => places.of(each) !== source.place).flatMap((each) => {
      const target = homeOf(each)
      return target === undefined ? [] : [{ name: each.name, target }]
    })
  }))

  const statements = sources.flatMap(({ descriptions }) =>
    descriptions.flatMap(({ members, signature }) => [signature, ...members.map((member) => member.signature)])
  )
  const shown = shownStatements(statements, new Set(ofKind("service")))
  const names = namesOf(places, sources)
  return new Map([
    ["README.md", writeContents(sources, names)],
    ...sources.map((source) => [source.path, writePage(source, names, shown)] as const)
  ])
}
