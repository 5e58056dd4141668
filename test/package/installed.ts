/** The package as it lies in a project after the installation, and its doors. */
import { globSync, readFileSync } from "node:fs"
import { join } from "node:path"

export const packageName = "effect-flexfactor"

/** The folder of the package in a project. */
export const installedIn = (project: string): string => join(project, "node_modules", packageName)

/** The files of a package whose paths match, sorted. */
export const filesOf = (folder: string, pattern = "**/*"): ReadonlyArray<string> =>
  globSync(pattern, { cwd: folder, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1))
    .toSorted()

interface Manifest {
  readonly exports: Readonly<Record<string, string | null | { readonly types: string; readonly default: string }>>
}

/** A name under which the package can be imported, and the files behind it. */
export interface Door {
  readonly name: string
  readonly types: string
  readonly code: string
}

/** All doors of the package to code. */
export const doorsOf = (folder: string): ReadonlyArray<Door> => {
  const { exports }: Manifest = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"))
  return Object.entries(exports).flatMap(([path, target]) =>
    target === null || typeof target === "string"
      ? []
      : [{ name: join(packageName, path), types: target.types, code: target.default }]
  )
}

/** The doors that need the optional peers. */
export const needsPeers = ({ name }: Door): boolean =>
  name === "effect-flexfactor/workflow/cluster" || name === "effect-flexfactor/NodeTransport"

/** The doors that need SQLite of the runtime. */
export const needsSqlite = ({ name }: Door): boolean =>
  name === "effect-flexfactor/NodeSqlite" || name === "effect-flexfactor/workflow/embedded"

/** A program that imports doors, and says so. */
export const importing = (doors: ReadonlyArray<Door>): string =>
  [
    ...doors.map(({ name }, index) => `import * as door${index} from "${name}"`),
    `console.log([${doors.map((_, index) => `door${index}`).join(", ")}].length, "doors opened")`
  ].join("\n")
