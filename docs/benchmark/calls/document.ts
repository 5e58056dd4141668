/**
 * Writes results into a document, between two marks, and plots beside it.
 */
import { Effect, FileSystem, Path } from "effect"

/** Where the results of a script stand in a document. */
export interface Place {
  readonly begin: string
  readonly end: string
}

export const placeOfCalls: Place = { begin: "<!-- calls: written by `npm run bench` -->", end: "<!-- /calls -->" }

export const placeOfComparison: Place = {
  begin: "<!-- comparison: written by `npm run bench:compare` -->",
  end: "<!-- /comparison -->"
}

export interface Plot {
  readonly name: string
  readonly svg: string
}

const writeText = Effect.fnUntraced(function*(file: string, { begin, end }: Place, text: string) {
  const fs = yield* FileSystem.FileSystem
  const document = yield* fs.readFileString(file)
  const [from, to] = [document.indexOf(begin), document.indexOf(end)]
  if (from === -1 || to < from) return yield* Effect.die(new Error(`${file} has no place for the results`))
  yield* fs.writeFileString(file, `${document.slice(0, from)}${begin}\n\n${text}\n\n${document.slice(to)}`)
})

export const writeDocument = Effect.fnUntraced(
  function*(file: string, place: Place, text: string, plots: ReadonlyArray<Plot>) {
    yield* writeText(file, place, text)
    const fs = yield* FileSystem.FileSystem
    const path = yield* Path.Path
    const folder = path.join(path.dirname(file), "benchmark")
    yield* Effect.forEach(plots, ({ name, svg }) => fs.writeFileString(path.join(folder, `${name}.svg`), svg), {
      discard: true
    })
  }
)
