/** How users import a module. */
import type { Exported } from "./declarations.ts"
import { packageName, type Place, type Places, titleOf } from "./places.ts"

const valuesFirst = (a: string, b: string): number => Number(a.startsWith("type ")) - Number(b.startsWith("type "))

/** An import of names; of many, the first. */
const importOf = (names: ReadonlyArray<string>, door: string): string => {
  const shown = names.length > 6 ? [...names.slice(0, 3), "/* and others */"] : names
  return `import { ${shown.join(", ")} } from "${door}"`
}

/** The ways to import a module, the usual one first. `nameOf` says how an export is imported. */
export const importsOf = (
  places: Places,
  place: Place,
  nameOf: (exported: Exported) => string
): ReadonlyArray<string> => {
  const { door, module, namespace } = place
  if (namespace !== undefined) return [importOf([namespace], door)]
  const title = titleOf(place)
  const main = places.ofFile("index")?.module
  const flat = main?.exports.filter((each) => places.of(each) === place).map(nameOf).toSorted(valuesFirst) ?? []
  const isNamespace = main?.namespaces.some(({ file }) => file === module.file) === true
  const ways = [
    ...(isNamespace ? [importOf([title], packageName), `import * as ${title} from "${door}"`] : []),
    ...(flat.length > 0 ? [importOf(flat, packageName)] : []),
    ...(flat.length > 0 && !isNamespace ? [importOf(flat, door)] : [])
  ]
  const all = [...module.namespaces.map(({ name }) => name), ...module.exports.map(nameOf).toSorted(valuesFirst)]
  return (ways.length > 0 ? ways : [importOf(all, door)]).flatMap((way, index) => index === 0 ? [way] : ["// or", way])
}
