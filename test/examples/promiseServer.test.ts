/**
 * The example of a server in Promise code: its tests run here as they stand, its story and the server itself in processes
 * of their own.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, ManagedRuntime } from "effect"
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { join, resolve } from "node:path"
import { setTimeout as sleep } from "node:timers/promises"
import "../../docs/examples/promise-server/app.test.ts"
import { start } from "../../docs/examples/promise-server/server.ts"
import { simulated } from "../../docs/examples/promise-server/services.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"

const root = resolve(import.meta.dirname, "../..")
const folder = join(root, "docs/examples/promise-server")
const node = ["--conditions=effect-flexfactor-source", "--no-warnings"]

/** What the compiler says against the answers of the example, once for each error that they lack. */
const complaintsWithout = (tags: ReadonlyArray<string>): string => {
  const blocks = join(root, "test/.blocks")
  mkdirSync(blocks, { recursive: true })
  const copy = mkdtempSync(join(blocks, "answers-"))
  try {
    const answers = readFileSync(join(folder, "answers.ts"), "utf8")
    for (const tag of tags) writeFileSync(join(copy, `${tag}.ts`), answers.replace(`case "${tag}":`, ""))
    writeFileSync(join(copy, "tsconfig.json"), JSON.stringify({ extends: "../../../tsconfig.json", include: ["*.ts"] }))
    const tsc = join(root, "node_modules/typescript/bin/tsc")
    return spawnSync(process.execPath, [tsc, "-p", copy, "--pretty", "false"], { encoding: "utf8" }).stdout
  } finally {
    rmSync(copy, { recursive: true, force: true })
  }
}

describe("The example of a server in Promise code", () => {
  it("plays its story, and leaves clean books", () => {
    const { status, stderr, stdout } = spawnSync(process.execPath, [...node, join(folder, "demo.ts")], {
      encoding: "utf8"
    })
    assert.include(stdout, "The books are clean.", stderr)
    assert.include(stdout, "202 {\"outcome\":\"in doubt\"")
    assert.include(stdout, "{\"state\":\"refunded\",\"orderId\":\"order-2\"")
    assert.strictEqual(status, 0)
  })

  it("refunds, and ends when it is told to", async () => {
    const server = spawn(process.execPath, [...node, join(folder, "main.ts")], {
      env: { ...process.env, FLEXFACTOR_ENVIRONMENT: undefined, PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"]
    })
    try {
      const [said] = await once(server.stdout, "data")
      const url = /http:\S+\d/.exec(String(said))?.[0]
      const response = await fetch(`${url}/orders/order-1/refunds`, {
        method: "POST",
        headers: { "idempotency-key": "ticket-1" },
        body: JSON.stringify({ amount: 19.99 })
      })
      assert.strictEqual(response.status, 200)
      const exit = once(server, "exit")
      server.kill("SIGTERM")
      assert.deepStrictEqual(await exit, [0, null])
    } finally {
      server.kill("SIGKILL")
    }
  })

  it("answers what came in before it ends", async () => {
    const runtime = ManagedRuntime.make(simulated())
    const { failNext, requests } = await runtime.runPromise(FlexFactorSimulator.FlexFactorSimulator)
    const { stop, url } = await start(runtime, { port: 0, resolveEvery: "1 minute" })
    await runtime.runPromise(failNext("Orders.refund", Fault.delayed("500 millis")))

    const answer = fetch(`${url}/orders/order-1/refunds`, {
      method: "POST",
      headers: { "idempotency-key": "ticket-1" },
      body: JSON.stringify({ amount: 19.99 })
    })
    while (!(await Effect.runPromise(requests)).some(({ operation }) => operation === "Orders.refund")) await sleep(5)
    const stopped = stop()

    assert.strictEqual((await answer).status, 200)
    await stopped
  })

  it("does not start with settings that are wrong", async () => {
    const server = spawnSync(process.execPath, [...node, join(folder, "main.ts")], {
      encoding: "utf8",
      env: { ...process.env, FLEXFACTOR_ENVIRONMENT: "prod" }
    })
    assert.include(server.stderr, "FLEXFACTOR_ENVIRONMENT")
    assert.strictEqual(server.status, 1)
  })

  it("does not compile where an error has no answer", () => {
    const complaints = complaintsWithout(["RefundBlocked", "FlexFactorConflict", "none"])
    assert.match(complaints, /^\S*RefundBlocked.ts.*'RefundBlocked' is not assignable to parameter of type 'never'.$/m)
    assert.match(complaints, /^\S*FlexFactorConflict.ts.*'FlexFactorConflict' is not assignable to parameter/m)
    assert.notInclude(complaints, "none.ts")
  })
})
