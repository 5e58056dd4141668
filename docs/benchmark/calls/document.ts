/**
 * Writes results into a document, between two marks, and plots beside it.
 */
import { Effect, FileSystem, Path } from "effect"

export const begin = "<!-- calls: written by `npm run bench` -->"
export const end = "<!-- /calls -->"

export interface Plot {
  readonly name: string
  readonly svg: string
}

export const writeDocument = Effect.fnUntraced(function*(file: string, text: string, plots: ReadonlyArray<Plot>) {
  const fs = yield* FileSystem.FileSystem
  const path = yield* Path.Path
  const document = yield* fs.readFileString(file)
  const [from, to] = [document.indexOf(begin), document.indexOf(end)]
  if (from === -1 || to < from) return yield* Effect.die(new Error(`${file} has no place for the results`))
  yield* fs.writeFileString(file, `${document.slice(0, from)}${begin}\n\n${text}\n\n${document.slice(to)}`)
  const folder = path.join(path.dirname(file), "benchmark")
  yield* Effect.forEach(plots, ({ name, svg }) => fs.writeFileString(path.join(folder, `${name}.svg`), svg), {
    discard: true
  })
})
