/**
 * The types of the package, as the compilers of its users see them: with programs that do not compile if a type does not
 * resolve.
 */
import { cpSync, mkdirSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { describe, inject, it } from "vitest"
import { doorsOf, importing, installedIn, needsPeers } from "./installed.ts"
import { outputOf } from "./started.ts"

const { plain, tools, withPeers } = inject("workshop")
const root = resolve(import.meta.dirname, "../..")

const compilers = [
  { compiler: "TypeScript 5.9", tsc: join(tools, "node_modules/typescript-5.9/bin/tsc") },
  { compiler: "TypeScript 7", tsc: join(root, "node_modules/typescript/bin/tsc") }
]

const resolutions = {
  nodenext: { module: "nodenext" },
  bundler: { module: "preserve", moduleResolution: "bundler" }
}

const web = ["DOM", "DOM.Iterable"]

const places = [
  {
    place: "alone with effect",
    project: plain,
    resolution: "nodenext",
    environment: { lib: ["ES2022", ...web], types: [], skipLibCheck: true }
  },
  {
    place: "alone with effect",
    project: plain,
    resolution: "bundler",
    environment: { lib: ["ES2022", ...web], types: [], skipLibCheck: true }
  },
  // Effect's own declarations need the types of the web: without those, they cannot be checked.
  {
    place: "with all peers and no types of the web",
    project: withPeers,
    resolution: "nodenext",
    environment: { lib: ["ES2022"], types: ["node"], skipLibCheck: true }
  },
  {
    place: "with all peers, declarations checked",
    project: withPeers,
    resolution: "nodenext",
    environment: { lib: ["ES2022", ...web], types: ["node"], skipLibCheck: false }
  }
] as const

const cases = compilers.flatMap((compiler) => places.map((place) => ({ ...compiler, ...place })))

describe.concurrent("the types", () => {
  it.each(cases)(
    "hold for $compiler, module resolution $resolution, $place",
    async ({ compiler, environment, place, project, resolution, tsc }) => {
      const folder = join(project, `${compiler}, ${resolution}, ${place}`)
      const doors = doorsOf(installedIn(project)).filter((door) => project === withPeers || !needsPeers(door))
      mkdirSync(folder)
      cpSync(join(import.meta.dirname, "programs/types.ts"), join(folder, "types.ts"))
      cpSync(join(import.meta.dirname, "programs/money.ts"), join(folder, "money.ts"))
      writeFileSync(join(folder, "doors.ts"), importing(doors))
      const compilerOptions = {
        target: "ES2022",
        strict: true,
        exactOptionalPropertyTypes: true,
        noUncheckedIndexedAccess: true,
        noEmit: true,
        ...environment,
        ...resolutions[resolution]
      }
      writeFileSync(join(folder, "tsconfig.json"), JSON.stringify({ compilerOptions }))
      await outputOf(folder, process.execPath, tsc, "--pretty", "false")
    }
  )
})
