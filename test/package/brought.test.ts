/** What the package brings into a program, besides itself. */
import { existsSync, readdirSync, readFileSync } from "node:fs"
import { isBuiltin } from "node:module"
import { dirname, join } from "node:path"
import { assert, describe, inject, it } from "vitest"
import { doorsOf, filesOf, installedIn, needsPeers, needsSqlite } from "./installed.ts"
import { start } from "./started.ts"

const { plain, withPeers } = inject("workshop")
const installed = installedIn(plain)

/** What a file of code or types imports, in any form. */
const importsOf = (file: string): ReadonlyArray<string> => {
  const text = readFileSync(join(installed, file), "utf8").replace(/\/\*[\s\S]*?\*\//g, "")
  const statements = text.matchAll(/^(?:import|export) (?:[\w*{},\s]+ from )?"([^"]+)";$/gm)
  const expressions = text.matchAll(/\bimport\(\s*"([^"]+)"/g)
  return [...statements, ...expressions].map(([, name = ""]) => name)
}

const all = [...filesOf(installed, "dist/**/*.js"), ...filesOf(installed, "dist/**/*.d.ts")]
  .flatMap((file) => importsOf(file).map((name) => ({ file, name })))

const ofPackages = all.filter(({ name }) => !name.startsWith("."))

/** What is imported besides Effect, and where alone. */
const elsewhere: Readonly<Record<string, ReadonlyArray<string>>> = {
  "dist/NodeSqlite": ["node:sqlite"],
  "dist/NodeTransport": ["@effect/platform-node/NodeHttpClient"],
  "dist/internal/sql/sqliteExclusive": ["node:sqlite"],
  "dist/internal/sql/sqliteStatements": ["node:sqlite"],
  "dist/internal/transport/dispatch": ["@effect/platform-node/Undici"],
  "dist/workflow/cluster": ["@effect/platform-node/NodeClusterSocket", "@effect/sql-pg/PgClient"]
}

describe("the package", () => {
  it("imports Effect, and elsewhere only what its documents name", () => {
    assert.isAbove(ofPackages.length, 100)
    const others = ofPackages.filter(({ file, name }) =>
      !/^effect\/[\w-]+(\/\w+)?$/.test(name) && elsewhere[file.replace(/(\.d)?\.[jt]s$/, "")]?.includes(name) !== true
    )
    assert.deepStrictEqual(others, [])
  })

  it("imports files of its own that are there", () => {
    const own = all.filter(({ name }) => name.startsWith("."))
    assert.isAbove(own.length, 100)
    const missing = own.filter(({ file, name }) => {
      const path = join(installed, dirname(file), name)
      return !existsSync(file.endsWith(".d.ts") ? path.replace(/\.ts$/, ".d.ts") : path)
    })
    assert.deepStrictEqual(missing, [])
  })

  it("installs nothing by itself, and no second Effect", () => {
    const names = (project: string, folder = "node_modules"): ReadonlyArray<string> =>
      readdirSync(join(project, folder)).filter((name) => !name.startsWith("."))
    assert.deepStrictEqual(names(plain), ["effect", "effect-flexfactor"])
    const nested = filesOf(join(withPeers, "node_modules"), "**/node_modules/effect/package.json")
    assert.deepStrictEqual(nested, [])
  })

  it.each(doorsOf(installed).filter(needsPeers))(
    "says which package is missing where a door needs an optional peer: $name",
    async ({ name }) => {
      const words = ["--input-type=module", "--eval", `import "${name}"`]
      const { complaints, succeeded } = await start(plain, process.execPath, ...words)
      assert.isFalse(succeeded)
      assert.match(complaints, /Cannot find package '@effect\/platform-node'/)
    }
  )

  it.each(["internal/send", "internal/send.ts", "dist/index.js", "src/index.ts", "OrdersError/status"])(
    "keeps %s closed",
    async (path) => {
      const { complaints, succeeded } = await start(
        plain,
        process.execPath,
        "--input-type=module",
        "--eval",
        `import "effect-flexfactor/${path}"`
      )
      assert.isFalse(succeeded)
      assert.include(complaints, "ERR_PACKAGE_PATH_NOT_EXPORTED")
    }
  )

  it("does nothing when it is imported", async () => {
    const doors = doorsOf(installed).filter((door) => !needsPeers(door) && !needsSqlite(door))
    const code = `
      const names = (object) => Reflect.ownKeys(object).map(String)
      const before = names(globalThis).concat(names(Object.prototype), names(Array.prototype), names(Promise.prototype))
      await import("effect")
      for (const door of ${JSON.stringify(doors.map(({ name }) => name))}) await import(door)
      const after = names(globalThis).concat(names(Object.prototype), names(Array.prototype), names(Promise.prototype))
      console.log(JSON.stringify({
        added: after.filter((name) => !before.includes(name)),
        waits: process.getActiveResourcesInfo().filter((name) => name !== "PipeWrap")
      }))`
    const { complaints, output } = await start(plain, process.execPath, "--input-type=module", "--eval", code)
    assert.strictEqual(complaints, "")
    assert.deepStrictEqual(JSON.parse(output), { added: [], waits: [] })
  })

  it("uses builtins of Node by their names", () => {
    assert.deepStrictEqual(ofPackages.filter(({ name }) => isBuiltin(name) && !name.startsWith("node:")), [])
  })
})
