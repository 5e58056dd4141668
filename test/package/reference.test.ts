/** What is written from the declarations is up to date: the record of what users see, and the reference. */
import { existsSync, globSync, readFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { assert, describe, inject, it } from "vitest"
import { generate, pagesFolder, surfaceFile } from "../../docs/reference/generated.ts"
import { installedIn } from "./installed.ts"

const root = resolve(import.meta.dirname, "../..")
const read = (file: string): string => existsSync(join(root, file)) ? readFileSync(join(root, file), "utf8") : ""

// From what users install.
const { pages, surface } = generate(installedIn(inject("workshop").withPeers))

describe("what users see", () => {
  it("is what the record says", () => {
    assert.strictEqual(
      read(surfaceFile),
      surface,
      `${surfaceFile} shows another surface than the package has. If the change is meant, say so in CHANGELOG.md and `
        + "run: npm run api:write"
    )
  })
})

describe("the reference", () => {
  it("has a page for each module, and no other", () => {
    const there = globSync("**/*.md", { cwd: join(root, pagesFolder) }).map((file) => join(pagesFolder, file))
    assert.sameMembers(there, [...pages.keys()])
  })

  it.each([...pages.keys()])("is up to date: %s", (page) => {
    assert.strictEqual(read(page), pages.get(page), `${page} is not what the docstrings say. Run: npm run api:write`)
  })
})
