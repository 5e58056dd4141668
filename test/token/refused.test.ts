import { assert, describe, it } from "@effect/vitest"
import { Deferred, Effect, Fiber, Ref, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { Cents, Orders } from "../../src/index.ts"
import { json, makeScript, ordersOver, type Script } from "../support/script.ts"
import { whileTimePasses } from "../support/time.ts"
import { id, order, readOrder, unauthorized } from "./readOrder.ts"

describe("a token that is refused with 401", () => {
  /** Accepts only the newest token. */
  const strict = () => {
    const script: Script = makeScript((asked) =>
      asked.token === `Bearer token-${script.askedForToken.length}` ? order() : unauthorized()
    )
    return script
  }

  it.effect("is renewed once for a hundred calls, each of which is repeated once", () =>
    Effect.gen(function*() {
      let isRevoked = false
      const script = makeScript((asked) => isRevoked && asked.token === "Bearer token-1" ? unauthorized() : order())
      yield* Effect.gen(function*() {
        yield* readOrder
        isRevoked = true
        yield* Effect.all(Array.from({ length: 100 }, () => readOrder), { concurrency: "unbounded" })
      }).pipe(Effect.provide(ordersOver(script)))
      assert.strictEqual(script.askedForToken.length, 2)
      assert.strictEqual(script.asked.filter(({ token }) => token === "Bearer token-2").length, 100)
    }))

  it.effect("is not dropped by a late 401 that was about an older one", () =>
    Effect.gen(function*() {
      const gate = yield* Ref.make(0)
      const script = makeScript((asked) =>
        Effect.gen(function*() {
          if (asked.token !== "Bearer token-1") return order()
          const n = yield* Ref.getAndUpdate(gate, (n) => n + 1)
          yield* Effect.sleep(`${n * 10} seconds`)
          return unauthorized()
        })
      )
      yield* Effect.gen(function*() {
        const both = Effect.all([readOrder, readOrder], { concurrency: "unbounded" })
        yield* whileTimePasses(both)
      }).pipe(Effect.provide(ordersOver(script)))
      assert.strictEqual(script.askedForToken.length, 2)
    }))

  it.effect("surfaces as FlexFactorUnauthorized when the fresh one is refused too", () =>
    Effect.gen(function*() {
      const script = makeScript(unauthorized)
      const error = yield* readOrder.pipe(Effect.flip, Effect.provide(ordersOver(script)))
      assert.strictEqual(error._tag, "FlexFactorUnauthorized")
      assert.strictEqual(script.asked.length, 2)
      assert.strictEqual(script.askedForToken.length, 2)
    }))

  it.effect("lets another process rotate tokens: the call is repeated with the one that is valid now", () =>
    Effect.gen(function*() {
      const script = strict()
      yield* Effect.gen(function*() {
        yield* readOrder
        // Another process asks for a token, which ends the life of ours.
        script.askedForToken.push(...script.askedForToken)
        assert.strictEqual((yield* readOrder).id, id)
      }).pipe(Effect.provide(ordersOver(script)))
    }))

  it.effect("is not replaced for each of many calls where every token is refused", () =>
    Effect.gen(function*() {
      const script = makeScript(unauthorized)
      yield* Effect.gen(function*() {
        yield* Effect.forEach(Array.from({ length: 200 }), () => Effect.flip(readOrder))
        assert.strictEqual(script.askedForToken.length, 2)
        yield* TestClock.adjust("10 seconds")
        yield* Effect.flip(readOrder)
        assert.strictEqual(script.askedForToken.length, 3)
      }).pipe(Effect.provide(ordersOver(script)))
    }))

  it.effect("is not used for the next call, though the refund that found it refused is not sent again", () =>
    Effect.gen(function*() {
      const tokens: Array<string | undefined> = []
      const script = makeScript(({ token }) => {
        tokens.push(token)
        // In a page of a gateway that is not plain ASCII, a yes may hide.
        return token === "Bearer token-1" ? new Response("n\u00E3o autorizado", { status: 401 }) : order()
      })
      yield* Effect.gen(function*() {
        const orders = yield* Orders
        const error = yield* Effect.flip(orders.refund(id, { amount: Cents.make(100) }))
        assert.strictEqual(error._tag, "FlexFactorUnauthorized")
        yield* readOrder
      }).pipe(Effect.provide(ordersOver(script)))
      assert.deepStrictEqual(tokens, ["Bearer token-1", "Bearer token-2"])
    }))

  it.effect("leaves a refund what its answer says, also while another call waits for a fresh one in vain", () =>
    Effect.gen(function*() {
      const answered = yield* Deferred.make<void>()
      const expires = (Date.parse("2026-01-01") + 20_000).toString()
      const first = { accessToken: "token-1", expires }
      const script = makeScript(
        ({ method }) =>
          method === "POST"
            ? Effect.as(Deferred.await(answered), new Response("n\u00E3o autorizado", { status: 401 }))
            : order(),
        () =>
          script.askedForToken.length === 1
            ? json(first, { headers: { date: "Thu, 01 Jan 2026 00:00:00 GMT" } })
            : Effect.never
      )
      yield* Effect.gen(function*() {
        const orders = yield* Orders
        yield* readOrder
        yield* TestClock.adjust("12 seconds")
        const refund = yield* Effect.forkChild(Effect.flip(orders.refund(id, { amount: Cents.make(100) })))
        yield* TestClock.adjust("7 seconds")
        const reading = yield* Effect.forkChild(Effect.exit(readOrder))
        yield* TestClock.adjust("1 second")
        assert.strictEqual(script.askedForToken.length, 2)
        yield* Deferred.succeed(answered, undefined)
        yield* TestClock.adjust("10 seconds")
        assert.strictEqual((yield* Fiber.join(refund))._tag, "FlexFactorUnauthorized")
        yield* Fiber.join(reading)
      }).pipe(Effect.provide(ordersOver(script, { retry: Schedule.recurs(0), timeout: "10 seconds" })))
    }))

  it.effect("is not used again where no other can be had", () =>
    Effect.gen(function*() {
      let isRevoked = false
      const script = makeScript(
        () => isRevoked ? unauthorized() : order(),
        () => isRevoked ? new Response("", { status: 503 }) : json({ accessToken: "token" })
      )
      yield* Effect.gen(function*() {
        yield* readOrder
        isRevoked = true
        assert.strictEqual((yield* Effect.flip(readOrder))._tag, "FlexFactorServiceUnavailable")
        assert.strictEqual((yield* Effect.flip(readOrder))._tag, "FlexFactorServiceUnavailable")
        assert.strictEqual(script.asked.length, 2)
      }).pipe(Effect.provide(ordersOver(script, { retry: Schedule.recurs(0) })))
    }))
})
