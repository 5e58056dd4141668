/** What is in the tarball, and what is not. */
import { readFileSync, statSync } from "node:fs"
import { dirname, join, posix } from "node:path"
import { assert, describe, inject, it } from "vitest"
import { filesOf, installedIn } from "./installed.ts"

const { plain, tarball } = inject("workshop")
const installed = installedIn(plain)
const files = filesOf(installed)

const belongs = [
  /^(package\.json|README\.md|CHANGELOG\.md|LICENSE)$/,
  /^src\/[\w/]+\.ts$/,
  /^dist\/[\w/]+\.(js|d\.ts)(\.map)?$/,
  /^dist\/package\.json$/,
  /^docs\/[\w-]+\.md$/,
  /^docs\/api\/[\w/-]+\.md$/,
  /^docs\/benchmark\/\w+\.svg$/,
  /^docs\/examples\/[\w/.-]+\.(ts|md|json)$/
]

const secrets = [
  /-----BEGIN [A-Z ]*PRIVATE KEY-----/,
  /\b(AKIA|ASIA)[A-Z0-9]{16}\b/,
  /\b(ghp|gho|ghs|github_pat|npm|xox[abp])_[A-Za-z0-9]{16,}/,
  /\beyJ[\w-]{10,}\.eyJ[\w-]{10,}/,
  /\/\/(?!user:password@)[\w-]+:[^@\s"'`$]+@[\w.-]+/,
  /["'`(\s](\/home|\/root|\/Users|\/work)\/\w/
]

describe("the tarball", () => {
  it("holds code, types, their sources and their documents, and nothing else", () => {
    assert.deepStrictEqual(files.filter((file) => !belongs.some((pattern) => pattern.test(file))), [])
  })

  it.each([/^package\.json$/, /^README\.md$/, /^CHANGELOG\.md$/, /^LICENSE$/, /^dist\/index\.js$/, /^src\/index\.ts$/])(
    "holds %s",
    (pattern) => {
      assert.isTrue(files.some((file) => pattern.test(file)))
    }
  )

  it("has code, types and both maps of every source, and of nothing else", () => {
    const made = files.filter((file) => file.startsWith("src/")).flatMap((source) => {
      const path = source.replace(/^src/, "dist").replace(/\.ts$/, "")
      return [".d.ts", ".d.ts.map", ".js", ".js.map"].map((ending) => path + ending)
    })
    const built = files.filter((file) => file.startsWith("dist/") && file !== "dist/package.json")
    assert.deepStrictEqual(built, made.toSorted())
  })

  it("holds no secret and no path of a machine", () => {
    const found = files.flatMap((file) => {
      const text = readFileSync(join(installed, file), "utf8")
      return secrets.flatMap((pattern) => pattern.exec(text)?.map((secret) => `${file}: ${secret}`) ?? [])
    })
    assert.deepStrictEqual(found, [])
  })

  it("holds nothing large: no bundle, no recording, no module of others", () => {
    assert.isBelow(statSync(tarball).size, 1_000_000)
    assert.isBelow(files.reduce((sum, file) => sum + statSync(join(installed, file)).size, 0), 4_000_000)
  })

  it("holds what its documents lead to", () => {
    const paths = files.filter((file) => file.endsWith(".md")).flatMap((document) =>
      [...readFileSync(join(installed, document), "utf8").matchAll(/\]\((?![a-z]+:|#)([^)\s#]+)/g)].map((
        [, path = ""]
      ) => posix.join(dirname(document), path))
    )
    assert.isAbove(paths.length, 100)
    const missing = paths.filter((path) => !files.some((file) => file === path || file.startsWith(`${path}/`)))
    assert.deepStrictEqual(missing, [])
  })
})
