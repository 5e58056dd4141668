import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawn } from "node:child_process"
import { fileURLToPath } from "node:url"
import { order } from "./client.ts"
import { answer, serve } from "./server.ts"

const script = fileURLToPath(new URL("one-call.ts", import.meta.url))

interface Run {
  readonly code: number | null
  readonly output: string
}

const run = (url: string): Effect.Effect<Run> =>
  Effect.callback((resume) => {
    const child = spawn(process.execPath, ["--conditions=effect-flexfactor-source", "--no-warnings", script, url])
    let output = ""
    const read = (data: Buffer) => {
      output += data.toString()
    }
    child.stdout.on("data", read)
    child.stderr.on("data", read)
    child.once("close", (code) => resume(Effect.succeed({ code, output })))
    return Effect.sync(() => child.kill("SIGKILL"))
  })

describe("A program that has made its calls", () => {
  it.live("ends by itself, although the server keeps the connections open", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => answer(200, order) })
      const { code, output } = yield* run(server.url)
      const [, calls, ticks] = /^((?:Completed\n)*)lingered for (\d+) ticks of 50 ms\n$/.exec(output) ??
        assert.fail(output)
      assert.strictEqual(calls, "Completed\n".repeat(5))
      assert.strictEqual(code, 0)
      assert.lengthOf(server.requests, 5)
      assert.isBelow(Number(ticks), 30)
    }))
})
