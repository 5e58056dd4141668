/**
 * Where users find what. A name may be exported by several modules; one of them is its place: the module that declares
 * it, or else the first that passes it on.
 */
import type { Declarations, Exported, Module } from "./declarations.ts"
import { identityOf } from "./reached.ts"

/** A module that users can name: by a door of its own, or as a name of another door. */
export interface Place {
  readonly module: Module
  /** Such as `effect-flexfactor/testing`. */
  readonly door: string
  /** The name under which that door exports the module, if it is not the door itself. */
  readonly namespace: string | undefined
}

export interface Places {
  /** All places, the main door first and else in the order of `package.json`. */
  readonly all: ReadonlyArray<Place>
  /** The place of an export. */
  readonly of: (exported: Exported) => Place | undefined
  /** The place of a module, by its file. */
  readonly ofFile: (file: string) => Place | undefined
}

export const packageName = "effect-flexfactor"

/** The name of a module to its readers: its own, or that of its door. */
export const titleOf = ({ door, namespace }: Place): string => namespace ?? door.slice(packageName.length + 1)

/** Finds all places. */
export const placesOf = ({ doors, module }: Declarations): Places => {
  const all = doors.flatMap((door): ReadonlyArray<Place> => {
    const own = module(door.file)
    const within = own.namespaces.filter(({ file }) => !doors.some((other) => other.file === file))
    return [
      { module: own, door: door.name, namespace: undefined },
      ...within.map(({ file, name }) => ({ module: module(file), door: door.name, namespace: name }))
    ]
  })
  const byIdentity = new Map<string, Place>()
  const isDeclaring = (place: Place): boolean => place.module.exports.some(({ file }) => file === place.module.file)
  const enter = (places: ReadonlyArray<Place>, isIn: (place: Place, exported: Exported) => boolean): void => {
    for (const place of places) {
      for (const exported of place.module.exports) {
        if (isIn(place, exported) && !byIdentity.has(identityOf(exported))) byIdentity.set(identityOf(exported), place)
      }
    }
  }
  enter(all, (place, { file }) => file === place.module.file)
  enter(all.filter(isDeclaring), () => true)
  enter(all, () => true)
  return {
    all,
    of: (exported) => byIdentity.get(identityOf(exported)),
    ofFile: (file) => all.find((place) => place.module.file === file)
  }
}
