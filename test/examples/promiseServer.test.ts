/**
 * The example of a server in Promise code: its tests run here as they stand, its story and the server itself in processes
 * of their own.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Logger, ManagedRuntime } from "effect"
import { TestClock } from "effect/testing"
import { spawn, spawnSync } from "node:child_process"
import { once } from "node:events"
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs"
import { tmpdir } from "node:os"
import { join, resolve } from "node:path"
import { setImmediate as nextTurn, setTimeout as sleep } from "node:timers/promises"
import "../../docs/examples/promise-server/app.test.ts"
import { start } from "../../docs/examples/promise-server/server.ts"
import { simulated, simulatedEndpoint } from "../../docs/examples/promise-server/services.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"

const root = resolve(import.meta.dirname, "../..")
const folder = join(root, "docs/examples/promise-server")
const node = ["--conditions=effect-flexfactor-source", "--no-warnings"]

const postRefund = (url: string | undefined): Promise<Response> =>
  fetch(`${url}/orders/order-1/refunds`, {
    method: "POST",
    headers: { "idempotency-key": "ticket-1" },
    body: JSON.stringify({ amount: 19.99 })
  })

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
    assert.match(stdout, /FlexFactor: order.refunded, order-2\n {2}taken\n[^]*"state":"refunded","orderId":"order-2"/)
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
      assert.strictEqual((await postRefund(url)).status, 200)
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
    const { stop, url } = await start(runtime, { endpoint: simulatedEndpoint, port: 0, resolveEvery: "1 minute" })
    await runtime.runPromise(failNext("Orders.refund", Fault.delayed("500 millis")))

    const answer = postRefund(url)
    while (!(await Effect.runPromise(requests)).some(({ operation }) => operation === "Orders.refund")) await sleep(5)
    const stopped = stop()

    assert.strictEqual((await answer).status, 200)
    await stopped
  })

  it("goes on with a refund in doubt also if FlexFactor reports nothing", async () => {
    const runtime = ManagedRuntime.make(
      Layer.merge(simulated(), Logger.layer([])).pipe(Layer.provideMerge(TestClock.layer()))
    )
    const { failNext } = await runtime.runPromise(FlexFactorSimulator.FlexFactorSimulator)
    const { stop, url } = await start(runtime, { endpoint: simulatedEndpoint, port: 0, resolveEvery: "1 minute" })
    await runtime.runPromise(failNext("Orders.refund", Fault.connectionLost({ serverActs: true, after: "1 hour" })))
    const pass = async (): Promise<undefined> => {
      await runtime.runPromise(TestClock.adjust("1 second"))
    }
    const stateOf = async () => (await (await fetch(`${url}/refunds?key=ticket-1`)).json()).state

    const answering = postRefund(url)
    let answer: Response | undefined
    while (answer === undefined) answer = await Promise.race([answering, nextTurn().then(pass)])
    assert.deepStrictEqual([answer.status, await stateOf()], [202, "in doubt"])

    await runtime.runPromise(TestClock.adjust("1 hour"))
    while (await stateOf() === "in doubt") await pass()
    assert.strictEqual(await stateOf(), "refunded")
    await stop()
  })

  it.each([
    ["FLEXFACTOR_ENVIRONMENT", { FLEXFACTOR_ENVIRONMENT: "prod" }],
    ["FLEXFACTOR_WEBHOOK_KEY", { FLEXFACTOR_WEBHOOK_KEY: undefined }],
    ["key must be base64", { FLEXFACTOR_WEBHOOK_KEY: "no base64" }]
  ])("does not start with settings that are wrong, and says so: %s", (words, wrong) => {
    const right = {
      FLEXFACTOR_ENVIRONMENT: "sandbox",
      FLEXFACTOR_WEBHOOK_KEY: "a2V5IG9mIGEgdGVzdA==",
      FLEXFACTOR_WEBHOOK_HOST: "shop.example"
    }
    const cwd = mkdtempSync(join(tmpdir(), "promise-server-"))
    try {
      const { status, stderr } = spawnSync(process.execPath, [...node, join(folder, "main.ts")], {
        cwd,
        encoding: "utf8",
        env: { ...process.env, ...right, ...wrong }
      })
      assert.include(stderr, words)
      assert.strictEqual(status, 1)
    } finally {
      rmSync(cwd, { recursive: true, force: true })
    }
  })

  it("does not compile where an error has no answer", () => {
    const complaints = complaintsWithout(["RefundBlocked", "FlexFactorConflict", "none"])
    assert.match(complaints, /^\S*RefundBlocked.ts.*'RefundBlocked' is not assignable to parameter of type 'never'.$/m)
    assert.match(complaints, /^\S*FlexFactorConflict.ts.*'FlexFactorConflict' is not assignable to parameter/m)
    assert.notInclude(complaints, "none.ts")
  })
})
