/**
 * The surface of the package in one text: every door, every name behind it, and its declaration without comments. Whoever
 * changes what users see changes this text.
 */
import type { Declarations, Exported } from "./declarations.ts"
import { formatted } from "./formatted.ts"
import { type Place, placesOf } from "./places.ts"
import { identityOf, reachedFrom } from "./reached.ts"
import { shorterBy } from "./spelledOut.ts"
import { statementOf } from "./statement.ts"

interface Section {
  readonly title: string
  /** Lines that say what is elsewhere. */
  readonly passedOn: ReadonlyArray<string>
  readonly statements: ReadonlyArray<string>
}

const titleOf = ({ door, namespace }: Place): string => namespace === undefined ? door : `${door}: ${namespace}`

const introduction = `# The surface of the package

Every door, every name behind it, and its declaration. Written by \`npm run api:write\`; \`npm run check:package\` compares.
`

/** The text of the whole surface. */
export const surfaceOf = (declarations: Declarations): string => {
  const places = placesOf(declarations)
  const exported = places.all.flatMap((place) => place.module.exports.filter((each) => places.of(each) === place))
  const shorter = shorterBy(declarations, exported)
  const reached = reachedFrom(declarations, exported)
  const bases = new Map(reached.filter(({ name }) => name.endsWith("_base")).map((each) => [identityOf(each), each]))

  /** A declaration, and what its class extends, which has no name for users. */
  const statementsOf = (each: Exported): ReadonlyArray<string> => {
    const base = bases.get(`${identityOf(each)}_base`)
    return [...(base?.declarations ?? []), ...each.declarations].map((node) =>
      shorter(statementOf(declarations.emitter, node), each.name)
    )
  }

  const sectionOf = (place: Place): Section => {
    const elsewhere = place.module.exports.flatMap(({ name, ...each }) => {
      const home = places.of({ name, ...each })
      return home === undefined || home === place ? [] : [{ name, home: titleOf(home) }]
    })
    const homes = Map.groupBy(elsewhere, ({ home }) => home)
    return {
      title: titleOf(place),
      passedOn: [
        ...place.module.namespaces.flatMap(({ file, name }) => {
          const home = places.ofFile(file)
          return home === undefined ? [] : [`export * as ${name} from "${titleOf(home)}"`]
        }),
        ...[...homes].map(([home, names]) => `export { ${names.map(({ name }) => name).join(", ")} } from "${home}"`)
      ],
      statements: place.module.exports.filter((each) => places.of(each) === place).flatMap((each) =>
        statementsOf(each).map((text) => /^declare const \w+_base\b/.test(text) ? text : `export ${text}`)
      )
    }
  }

  const hidden = reached.filter((each) => !bases.has(identityOf(each)))
  const files = [...new Set(hidden.map(({ file }) => file))].toSorted()
  const sections: ReadonlyArray<Section> = [
    ...places.all.map(sectionOf),
    ...files.map((file) => ({
      title: `Not exported, but seen: ${file}`,
      passedOn: [],
      statements: hidden.filter((each) => each.file === file).toSorted((a, b) => a.name < b.name ? -1 : 1)
        .flatMap(statementsOf)
    }))
  ]
  const texts = formatted(sections.flatMap(({ passedOn, statements }) => [passedOn.join("\n"), ...statements]))
    .map((text) => text.replaceAll(/^(export )?declare /gm, "$1"))
    .values()
  const blocks = sections.map(({ statements, title }) => {
    const parts = Array.from({ length: statements.length + 1 }, () => texts.next().value ?? "")
    return `## ${title}\n\n\`\`\`typescript\n${parts.filter((text) => text !== "").join("\n\n")}\n\`\`\`\n`
  })
  return [introduction, ...blocks].join("\n")
}
