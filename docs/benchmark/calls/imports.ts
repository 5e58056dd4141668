/**
 * Measures how long an import takes in a fresh process: of what a contender brings, and of what it shares with the rest
 * of a program written with Effect.
 */
import { Effect } from "effect"
import { execFileSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { type Contender, contenders } from "./contenders.ts"
import { median } from "./statistics.ts"

export interface ImportResult {
  readonly contender: Contender
  /** In milliseconds. */
  readonly all: number
  /** Without the modules of `effect` and of its package for Node, which were imported before. */
  readonly own: number
}

const root = fileURLToPath(new URL("../../..", import.meta.url))
const clients = fileURLToPath(new URL("../clients", import.meta.url))

/** Runs a module in a fresh process that sees packages as the contender does. No condition: it is the built package. */
const run = (contender: Contender, code: string): unknown =>
  JSON.parse(execFileSync(process.execPath, ["--no-warnings", "--input-type=module", "--eval", code], {
    cwd: contender.kind === "other" && contender.name !== "fetch" ? clients : root,
    encoding: "utf8"
  }))

/** The modules of Effect's packages that an import asks for. */
const sharedBy = (contender: Contender): ReadonlyArray<string> =>
  run(
    contender,
    `
    import { registerHooks } from "node:module"
    const shared = new Set()
    const isShared = (url) => /\\/node_modules\\/(effect|@effect\\/[^/]+)\\//.test(url ?? "")
    registerHooks({
      resolve: (specifier, context, next) => {
        const found = next(specifier, context)
        if (isShared(found.url) && !isShared(context.parentURL)) shared.add(found.url)
        return found
      }
    })
    for (const name of ${JSON.stringify(contender.imports)}) await import(name)
    console.log(JSON.stringify([...shared]))`
  ) as ReadonlyArray<string>

/** How long the shared modules take, and how long the contender after them. */
const measure = (contender: Contender, shared: ReadonlyArray<string>): readonly [shared: number, own: number] =>
  run(
    contender,
    `
    const start = performance.now()
    for (const url of ${JSON.stringify(shared)}) await import(url)
    const middle = performance.now()
    for (const name of ${JSON.stringify(contender.imports)}) await import(name)
    console.log(JSON.stringify([middle - start, performance.now() - middle]))`
  ) as readonly [number, number]

export const measureImports = (repeats: number): Effect.Effect<ReadonlyArray<ImportResult>> =>
  Effect.sync(() => {
    const shared = new Map(contenders.map((contender) => [contender, sharedBy(contender)]))
    const rounds = Array.from({ length: repeats }, () =>
      new Map([...shared].map(([contender, modules]) => [contender, measure(contender, modules)])))
    return contenders.map((contender) => {
      const times = rounds.map((round) =>
        round.get(contender) ?? [Number.NaN, Number.NaN]
      )
      return {
        contender,
        all: median(times.map(([shared, own]) => shared + own)),
        own: median(times.map(([, own]) => own))
      }
    })
  })
