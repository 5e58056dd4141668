/**
 * The declarations of the built package, as TypeScript's own API reads them: the doors, and what they export.
 *
 * That API is marked as unstable by TypeScript; the repository pins the version.
 */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"
import type { Node } from "typescript/unstable/ast"
import { API, type Checker, type Emitter, type Program, type Symbol, SymbolFlags } from "typescript/unstable/sync"

/** A name that a module exports. */
export interface Exported {
  readonly name: string
  /** What it stands for, wherever that was declared. */
  readonly symbol: Symbol
  /** A type and a value of the same name are two declarations of one export. */
  readonly declarations: ReadonlyArray<Node>
  /** The file in which it was declared, below `dist` and without ending, such as `OrdersError/status`. */
  readonly file: string
}

/** A module of the package. */
export interface Module {
  /** Below `dist` and without ending, such as `testing/Fault`. */
  readonly file: string
  /** In the order of their names. */
  readonly exports: ReadonlyArray<Exported>
  /** The modules that it exports by a name, such as `Fault`, and their files. */
  readonly namespaces: ReadonlyArray<{ readonly name: string; readonly file: string }>
}

/** A name under which the package can be imported. */
export interface Door {
  /** Such as `effect-flexfactor/Orders`. */
  readonly name: string
  readonly file: string
}

export interface Declarations {
  readonly checker: Checker
  readonly emitter: Emitter
  readonly doors: ReadonlyArray<Door>
  /** A module of the package by its file. */
  readonly module: (file: string) => Module
  /** The module in which something of the package was declared; `undefined` for what is not the package's own. */
  readonly fileOf: (node: Node) => string | undefined
}

interface Manifest {
  readonly name: string
  readonly exports: Readonly<Record<string, string | null | { readonly types: string }>>
}

const doorsOf = ({ exports, name }: Manifest): ReadonlyArray<Door> =>
  Object.entries(exports).flatMap(([path, target]) =>
    target === null || typeof target === "string"
      ? []
      : [{ name: join(name, path), file: target.types.replace(/^\.\/dist\//, "").replace(/\.d\.ts$/, "") }]
  )

const isModule = (symbol: Symbol): boolean => (symbol.flags & SymbolFlags.Module) !== 0

/** Resolved declarations of a symbol, in the order in which they stand. */
export const declarationsOf = (symbol: Symbol): ReadonlyArray<Node> =>
  symbol.declarations.flatMap((handle) => handle.resolve() ?? []).toSorted((a, b) => a.pos - b.pos)

const byName = (a: { readonly name: string }, b: { readonly name: string }): number =>
  a.name < b.name ? -1 : a.name > b.name ? 1 : 0

/** Finds out what a module exports, as what it stands for. */
const moduleReader = (program: Program, checker: Checker, dist: string) => {
  const fileOf = (node: Node): string | undefined => {
    const { fileName } = node.getSourceFile()
    return fileName.startsWith(`${dist}/`) ? fileName.slice(dist.length + 1).replace(/\.d\.ts$/, "") : undefined
  }
  const read = (file: string): Module => {
    const source = program.getSourceFile(join(dist, `${file}.d.ts`))
    const symbol = source && checker.getSymbolAtLocation(source)
    if (symbol === undefined) throw new Error(`dist/${file}.d.ts is missing or no module: run npm run build`)
    const all = checker.getExportsOfModule(symbol).map((exported) => {
      const target = (exported.flags & SymbolFlags.Alias) === 0 ? exported : checker.getAliasedSymbol(exported)
      const declarations = declarationsOf(target)
      const [first] = declarations
      return { name: exported.name, symbol: target, declarations, file: first && fileOf(first) }
    })
    const own = all.flatMap(({ file, ...exported }) => file === undefined ? [] : [{ ...exported, file }])
      .toSorted(byName)
    return {
      file,
      exports: own.filter((exported) => !isModule(exported.symbol)),
      namespaces: own.filter((exported) => isModule(exported.symbol)).map(({ file, name }) => ({ name, file }))
    }
  }
  return { fileOf, read }
}

/** Opens the declarations in `dist` of a package's folder, for as long as they are used. */
export const withDeclarations = <A>(root: string, use: (declarations: Declarations) => A): A => {
  const manifest: Manifest = JSON.parse(readFileSync(join(root, "package.json"), "utf8"))
  const doors = doorsOf(manifest)
  const dist = join(root, "dist")
  const folder = mkdtempSync(join(tmpdir(), "declarations-"))
  const config = join(folder, "tsconfig.json")
  writeFileSync(
    config,
    JSON.stringify({
      compilerOptions: { module: "nodenext", target: "es2024", lib: ["es2024", "dom"], types: [], skipLibCheck: true },
      files: doors.map(({ file }) => join(dist, `${file}.d.ts`))
    })
  )
  const api = new API({ cwd: root })
  try {
    const project = api.updateSnapshot({ openProjects: [config] }).getProject(config)
    if (project === undefined) throw new Error("TypeScript did not open the declarations")
    const { checker, emitter, program } = project
    const { fileOf, read } = moduleReader(program, checker, dist)
    const modules = new Map<string, Module>()
    const module = (file: string): Module => {
      const known = modules.get(file) ?? read(file)
      modules.set(file, known)
      return known
    }
    return use({ checker, emitter, doors, module, fileOf })
  } finally {
    api.close()
    rmSync(folder, { recursive: true })
  }
}
