/**
 * What each entry point of the package brings along.
 */
import { assert, describe, it } from "@effect/vitest"
import { readFileSync } from "node:fs"
import { dirname, join, resolve } from "node:path"

const source = resolve(import.meta.dirname, "../src")

/** Everything that a module imports from outside of the package, by itself or by what it imports; types do not count. */
const broughtBy = (entryPoint: string): ReadonlySet<string> => {
  const outside = new Set<string>()
  const seen = new Set<string>()
  const visit = (file: string): void => {
    if (seen.has(file)) return
    seen.add(file)
    const statements = readFileSync(file, "utf8").matchAll(
      /^(?:import|export) (?!type )(?:\*(?: as \w+)?|\{[^}]*\}) from "([^"]+)"$/gm
    )
    for (const [, name = ""] of statements) {
      if (name.startsWith(".")) visit(join(dirname(file), name))
      else outside.add(name)
    }
  }
  visit(join(source, entryPoint))
  return outside
}

const unstable = /^effect\/(workflow|cluster|rpc)\b/
const others = /^(?!effect\/)/

describe("the package", () => {
  it.each(["index.ts", "testing/index.ts"])(
    "has an entry point that needs no engine and nothing but Effect: %s",
    (entryPoint) => {
      const brought = [...broughtBy(entryPoint)]
      assert.isAbove(brought.length, 20)
      assert.deepStrictEqual(brought.filter((name) => unstable.test(name) || others.test(name)), [])
    }
  )

  it("has an engine behind an entry point of its own, which needs nothing but Effect", () => {
    const brought = [...broughtBy("workflow/index.ts")]
    assert.isTrue(brought.some((name) => unstable.test(name)))
    assert.deepStrictEqual(brought.filter((name) => others.test(name)), [])
  })

  it("needs Node's own SQLite for a file, and Effect's packages for Node and PostgreSQL for a cluster", () => {
    assert.deepStrictEqual([...broughtBy("workflow/embedded.ts")].filter((name) => others.test(name)), ["node:sqlite"])
    assert.deepStrictEqual([...broughtBy("workflow/cluster.ts")].filter((name) => others.test(name)), [
      "@effect/platform-node/NodeClusterSocket",
      "@effect/sql-pg/PgClient"
    ])
  })
})
