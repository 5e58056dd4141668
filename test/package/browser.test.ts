/** The package in a bundle for browsers, and what is left of it where it is not used. */
import { cpSync, mkdirSync, readFileSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { createContext, runInContext } from "node:vm"
import { assert, describe, inject, it } from "vitest"
import { type Door, doorsOf, installedIn, needsPeers, needsSqlite } from "./installed.ts"
import { outputOf } from "./started.ts"

const { plain, tools } = inject("workshop")
const folder = join(plain, "browser")
mkdirSync(folder, { recursive: true })

/** Bundles a program for browsers, without a way out to Node. */
const bundle = async (program: string, ...words: ReadonlyArray<string>): Promise<string> => {
  await outputOf(
    folder,
    process.execPath,
    join(tools, "node_modules/esbuild/bin/esbuild"),
    program,
    "--bundle",
    "--platform=browser",
    "--minify",
    "--log-level=error",
    "--outdir=bundles",
    ...words
  )
  return readFileSync(join(folder, "bundles", program.replace(/\.\w+$/, ".js")), "utf8")
}

/** The doors of which a browser can have the code. */
const doors = doorsOf(installedIn(plain)).filter((door) => !needsPeers(door) && !needsSqlite(door))

/** A program with a line for each door. */
const written = (file: string, line: (door: Door, index: number) => string): string => {
  writeFileSync(join(folder, file), doors.map(line).join("\n"))
  return file
}

/** What FlexFactor would answer over `fetch`. */
const answer = async (input: URL | RequestInfo): Promise<Response> =>
  Response.json(
    new URL(input instanceof Request ? input.url : input).pathname.endsWith("/oauth2/token")
      ? { accessToken: "token", expires: "2100-01-01T00:00:00Z" }
      : { id: "order-1", status: 7 }
  )

/** Runs code where nothing is known but what browsers have, until it printed a line. */
const printedBy = (code: string): Promise<string> =>
  new Promise((resolve) => {
    const print = (...words: ReadonlyArray<unknown>): void => resolve(words.join(" "))
    const web = {
      AbortController,
      AbortSignal,
      Blob,
      FormData,
      Headers,
      ReadableStream,
      Request,
      Response,
      TextDecoder,
      TextEncoder,
      URL,
      URLSearchParams,
      clearTimeout,
      console: { log: print, error: print, warn: print, info: print, debug: print },
      crypto,
      fetch: answer,
      performance,
      queueMicrotask,
      setTimeout
    }
    const context = createContext(web)
    runInContext("globalThis.self = globalThis", context)
    runInContext(code, context)
  })

describe("in a browser", () => {
  it.each(["overFetch.ts", "overFetchByModule.ts"])("reads an order over fetch: %s", async (program) => {
    cpSync(join(import.meta.dirname, "programs", program), join(folder, program))
    const code = await bundle(program, "--format=iife")
    assert.strictEqual(await printedBy(code), "order-1 Completed")
  })

  it("needs no builtin of Node behind any door but those for its database and its sockets", async () => {
    const program = written(
      "all.js",
      ({ name }, index) => `import * as door${index} from "${name}"; console.log(door${index})`
    )
    const code = await bundle(program, "--format=esm")
    assert.isAbove(code.length, 100_000)
    // esbuild refuses what it does not find for a browser. What it left to be found later would be here.
    assert.notMatch(code, /(?:\bfrom|\bimport\(?|\brequire\()\s*"node:/)
  })
})

it("leaves nothing in a bundle that does not use it", async () => {
  const program = written("unused.js", ({ name }, index) => `import * as door${index} from "${name}"`)
  assert.strictEqual((await bundle(program, "--format=esm")).trim(), "")
})
