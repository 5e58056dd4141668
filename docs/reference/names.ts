/** What names in texts mean, and where that is described. */
import type { Exported } from "./declarations.ts"
import { firstSentence } from "./docstring.ts"
import type { Names, Target } from "./links.ts"
import { memberNames, ownNames, type PageSource } from "./page.ts"
import type { Places } from "./places.ts"

/** Where each export is described. */
export const homesOf = (
  places: Places,
  sources: ReadonlyArray<PageSource>
): (exported: Exported) => Target | undefined => {
  const names = new Map(sources.map((source) => [source.place, ownNames(source)]))
  return (exported) => {
    const place = places.of(exported)
    return place && names.get(place)?.get(exported.symbol.name)
  }
}

/** The names that texts anywhere may mean: those that are imported by themselves, or that are clear without a module. */
export const namesOf = (places: Places, sources: ReadonlyArray<PageSource>): Names => {
  const all = new Map<string, Target>()
  const enter = (name: string, target: Target | undefined): void => {
    if (target !== undefined && !all.has(name)) all.set(name, target)
  }
  const homeOf = homesOf(places, sources)
  const namespaces = new Set(places.all.flatMap(({ module }) => module.namespaces.map(({ file }) => file)))
  for (const source of sources) {
    const { descriptions, opening, path, place: { module }, title } = source
    for (const description of descriptions) {
      for (const [name, target] of memberNames(source, description, `${description.exported.name}.`)) {
        enter(name, target)
      }
    }
    for (const each of module.exports) enter(`${title.replace(/^.*\//, "")}.${each.name}`, homeOf(each))
    if (namespaces.has(module.file)) {
      enter(title, ownNames(source).get(title) ?? { page: path, anchor: "", summary: firstSentence(opening) })
    }
  }
  for (const { module } of places.all.filter((place) => place.module.namespaces.length > 0)) {
    for (const each of module.exports) enter(each.name, homeOf(each))
  }
  const types = sources.flatMap((source) => [...ownNames(source)]).filter(([name]) => /^[A-Z]/.test(name))
  for (const [name, group] of Map.groupBy(types, ([each]) => each)) {
    if (group.length === 1) enter(name, group[0]?.[1])
  }
  return all
}
