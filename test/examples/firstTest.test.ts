/**
 * The example of a first test: its tests run here as they stand, and its other programs in processes of their own.
 */
import { NodeHttpServer } from "@effect/platform-node"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { HttpServer } from "effect/http"
import { execFile, type ExecFileOptions } from "node:child_process"
import { createServer } from "node:http"
import { fileURLToPath } from "node:url"
import "../../docs/examples/first-test/refundTicket.test.ts"
import { totals } from "../../docs/examples/first-test/refundTicket.ts"
import { Cents, OrderId } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { temporaryFolder } from "../processes/workers.ts"

const program = (name: string) => fileURLToPath(new URL(`../../docs/examples/first-test/${name}`, import.meta.url))

const runNode = (args: ReadonlyArray<string>, options: ExecFileOptions = {}) =>
  Effect.callback<{ readonly status: number; readonly output: string }>((resume) => {
    const child = execFile(
      process.execPath,
      ["--conditions=effect-flexfactor-source", "--no-warnings", ...args],
      { ...options, encoding: "utf8" },
      (_, stdout, stderr) => resume(Effect.succeed({ status: child.exitCode ?? -1, output: `${stdout}${stderr}` }))
    )
  })

/** A FlexFactor for other processes, at `http://127.0.0.1:port`. */
const served = FlexFactorSimulator.layerHttpServer({ totals }).pipe(
  Layer.provideMerge(NodeHttpServer.layer(createServer, { port: 0, host: "127.0.0.1" }))
)

describe("The example of a first test", () => {
  it.live("runs with Node's own test runner", () =>
    Effect.gen(function*() {
      const { output, status } = yield* runNode(["--test", "--test-reporter=tap", program("refundTicket.node.ts")])
      assert.include(output, "# pass 1", output)
      assert.strictEqual(status, 0)
    }))

  it.live("refunds a ticket once from the command line, however often it is run", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const { address } = yield* HttpServer.HttpServer
      if (address._tag !== "InetAddressV4") return yield* Effect.die(address._tag)
      const cwd = yield* temporaryFolder
      const id = OrderId.make("order-1")
      yield* simulator.addOrder({ id, amount: Cents.make(5000) })

      const { appKey, appSecret } = FlexFactorSimulator.defaultKeyPair
      const env = {
        ...process.env,
        FLEXFACTOR_ENVIRONMENT: "sandbox",
        FLEXFACTOR_APP_KEY: appKey,
        FLEXFACTOR_APP_SECRET: appSecret,
        FLEXFACTOR_BASE_URL: `http://127.0.0.1:${address.port}`
      }
      for (const _ of [1, 2]) {
        const run = yield* runNode([program("live.ts"), "ticket-1", id, "10.00"], { cwd, env })
        assert.deepStrictEqual(run, { status: 0, output: "refunded $10.00\n" })
      }
      assert.strictEqual((yield* simulator.ledger).length, 1)
    }).pipe(Effect.scoped, Effect.provide(served)))
})
