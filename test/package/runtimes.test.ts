/** The package on the runtimes that it promises, and on others that the npm registry has for this machine. */
import { cpSync, globSync, mkdirSync, writeFileSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, inject, it } from "vitest"
import { doorsOf, importing, installedIn, needsPeers } from "./installed.ts"
import { outputOf, start } from "./started.ts"

const { plain, tools, withPeers } = inject("workshop")

/** A program among the tools, if it runs on this machine. */
const runnable = async (pattern: string): Promise<string | undefined> => {
  const files = globSync(join("node_modules", pattern), { cwd: tools }).map((file) => join(tools, file))
  const runs = await Promise.all(files.map((file) => start(tools, file, "--version")))
  return files.find((_, index) => runs[index]?.succeeded)
}

const deno = await runnable("@deno/*/deno")

const runtimes = [
  { name: "this Node", program: process.execPath, words: [] },
  { name: "Node 22.19, the oldest that it promises", program: await runnable("node-*/bin/node"), words: [] },
  { name: "Bun", program: await runnable("@oven/bun-*/bin/bun"), words: ["run"] },
  { name: "Deno", program: deno, words: ["run", "--allow-all", "--quiet"] }
]

for (const { name, program } of runtimes) {
  if (program === undefined) console.warn(`not run: the package on ${name}, which is not installed in ${tools}`)
}

/** Copies one of the programs into the project of a user. */
const own = (file: string): string => {
  mkdirSync(join(plain, "programs"), { recursive: true })
  cpSync(join(import.meta.dirname, "programs", file), join(plain, "programs", file))
  return join("programs", file)
}

describe.each(runtimes)("on $name", ({ program, words }) => {
  const run = (project: string, file: string): Promise<string> => outputOf(project, program ?? "", ...words, file)

  it.skipIf(program === undefined)(
    "every door opens without the optional peers, except those that need them",
    async () => {
      const doors = doorsOf(installedIn(plain)).filter((door) => !needsPeers(door))
      writeFileSync(join(plain, "doors.js"), importing(doors))
      assert.strictEqual(await run(plain, "doors.js"), `${doors.length} doors opened\n`)
    }
  )

  it.skipIf(program === undefined)("every door opens with the optional peers", async () => {
    const doors = doorsOf(installedIn(withPeers))
    writeFileSync(join(withPeers, "doors.js"), importing(doors))
    assert.strictEqual(await run(withPeers, "doors.js"), `${doors.length} doors opened\n`)
  })

  it.skipIf(program === undefined)("money moves once, a lost answer is told, and a webhook is verified", async () => {
    assert.deepStrictEqual((await run(plain, own("money.ts"))).trim().split("\n"), [
      "refunded 10.00",
      "RefundOutcomeUnknown",
      "confirmed by evidence",
      "received order.refunded"
    ])
  })

  it.skipIf(program === undefined)("a refund whose answer is lost arrives once", async () => {
    const lines = (await run(plain, own("lostAnswers.ts"))).trim().split("\n")
    const names = ["fetch", "lean"].flatMap((transport) =>
      ["closed", "reset"].flatMap((way) => [`${transport}-${way}-cold`, `${transport}-${way}-warm`])
    )
    assert.deepStrictEqual(lines, names.map((name) => `${name} 1 RefundOutcomeUnknown`))
  })

  it.skipIf(program === undefined)("a refund is kept in a file", async () => {
    assert.strictEqual(await run(plain, own("journalInFile.ts")), "ticket-1 refunded\n")
  })
})

it.skipIf(deno === undefined)("on Deno, the types hold for its own compiler", async () => {
  await outputOf(plain, deno ?? "", "check", "--quiet", own("types.ts"))
})
