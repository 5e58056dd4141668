/** The maps from code and types to the sources: an editor or a debugger that follows them arrives. */
import { existsSync, readFileSync } from "node:fs"
import { SourceMap, type SourceMapPayload } from "node:module"
import { dirname, join, relative } from "node:path"
import { assert, describe, inject, it } from "vitest"
import { filesOf, installedIn } from "./installed.ts"

const { plain } = inject("workshop")
const installed = installedIn(plain)
const read = (file: string): string => readFileSync(join(installed, file), "utf8")

const maps = filesOf(installed, "dist/**/*.map").map((file) => {
  const payload: SourceMapPayload = JSON.parse(read(file))
  return { file, payload, made: file.replace(/\.map$/, "") }
})

const sourceOf = (file: string, source: string): string => relative(installed, join(installed, dirname(file), source))

/** The exports of a file, and where their names stand. */
const exportsOf = (text: string) =>
  text.split("\n").flatMap((content, line) => {
    const [before, name] =
      /^export (?:declare )?(?:abstract )?(?:const|class|interface|type|function) (?=(\w+))/.exec(content) ?? []
    return before === undefined || name === undefined ? [] : [{ name, line, column: before.length }]
  })

describe("the maps", () => {
  it("are there for every file of code and types, which names its own", () => {
    const made = [...filesOf(installed, "dist/**/*.js"), ...filesOf(installed, "dist/**/*.d.ts")]
    assert.isAbove(made.length, 200)
    const unmapped = made.filter((file) => {
      const [, name] = /\/\/# sourceMappingURL=(.+)$/m.exec(read(file)) ?? []
      return name === undefined || !existsSync(join(installed, dirname(file), name))
    })
    assert.deepStrictEqual(unmapped, [])
  })

  it("point to sources in the package", () => {
    const dead = maps.flatMap(({ file, payload }) =>
      payload.sources.map((source) => sourceOf(file, source))
        .filter((source) => !source.startsWith("src/") || !existsSync(join(installed, source)))
        .map((source) => `${file}: ${source}`)
    )
    assert.deepStrictEqual(dead, [])
  })

  it.each([["code", ".js"], ["types", ".d.ts"]])("lead from each export of the %s to its line", (_, ending) => {
    const exported = maps.filter(({ made }) => made.endsWith(ending)).flatMap(({ file, made, payload }) => {
      const map = new SourceMap(payload)
      return exportsOf(read(made)).map(({ column, line, name }) => {
        const entry = map.findEntry(line, column)
        const source = "originalSource" in entry ? sourceOf(file, entry.originalSource) : undefined
        const found = source === undefined || !("originalLine" in entry)
          ? undefined
          : read(source).split("\n")[entry.originalLine]?.slice(entry.originalColumn)
        return { name: `${made}: ${name}`, found: found?.slice(0, name.length), wanted: name }
      })
    })
    assert.isAbove(exported.length, 100)
    assert.deepStrictEqual(exported.filter(({ found, wanted }) => found !== wanted), [])
  })
})
