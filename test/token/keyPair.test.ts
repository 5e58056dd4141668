import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { Cents, type FlexFactor, Orders } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { type Answer, json, makeScript, ordersOver } from "../support/script.ts"
import { whileTimePasses } from "../support/time.ts"
import { id, order, readOrder } from "./readOrder.ts"

const withoutRetries: FlexFactor.Tuning = { retry: Schedule.recurs(0) }

describe("the token of a key pair", () => {
  it.effect("is fetched once for ten thousand concurrent callers", () =>
    Effect.gen(function*() {
      const script = makeScript(
        order,
        () => Effect.as(Effect.sleep("2 seconds"), json({ accessToken: "token", expires: 600_000 }))
      )
      const calls = Effect.forEach(Array.from({ length: 10_000 }), () => readOrder, { concurrency: "unbounded" })
      const found = yield* whileTimePasses(Effect.provide(calls, ordersOver(script)), "3 seconds")
      assert.strictEqual(found.length, 10_000)
      assert.strictEqual(script.askedForToken.length, 1)
      assert.isTrue(script.asked.every(({ token }) => token === "Bearer token"))
    }))

  it.effect("is used until shortly before it expires, and is then renewed", () =>
    Effect.gen(function*() {
      const script = makeScript(order)
      yield* Effect.gen(function*() {
        yield* readOrder
        yield* TestClock.adjust("8 minutes")
        yield* readOrder
        assert.strictEqual(script.askedForToken.length, 1)
        yield* TestClock.adjust("90 seconds")
        yield* readOrder
        assert.strictEqual(script.askedForToken.length, 2)
      }).pipe(Effect.provide(ordersOver(script)))
    }))

  const clocks: ReadonlyArray<readonly [what: string, offset: Duration.Input]> = [
    ["an hour ahead", "1 hour"],
    ["an hour behind", "-1 hour"],
    ["a day ahead", "24 hours"],
    ["a day behind", "-24 hours"]
  ]
  for (const [what, offset] of clocks) {
    it.effect(`is renewed every ten minutes also where the server's clock is ${what}`, () =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        yield* TestClock.setTime(Date.parse("2026-06-01"))
        const { id } = yield* simulator.addOrder({ amount: Cents.make(100) })
        for (let minute = 0; minute < 60; minute++) {
          yield* Orders.use((orders) => orders.get(id))
          yield* TestClock.adjust("1 minute")
        }
        const asked = yield* simulator.requests
        const tokens = asked.filter(({ operation }) => operation === "FlexFactor.token").length
        assert.isAtLeast(tokens, 6)
        assert.isAtMost(tokens, 7)
        assert.strictEqual(asked.length - tokens, 60)
      }).pipe(Effect.provide(FlexFactorSimulator.layer({ clockOffset: offset }))))

    it.effect(`is renewed every ten minutes also where no Date header shows that the clock is ${what}`, () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(Date.parse("2026-06-01"))
        const wrong = Duration.toMillis(Duration.fromInputUnsafe(offset))
        const script = makeScript(
          order,
          () =>
            Effect.map(Clock.currentTimeMillis, (now) => json({ accessToken: "token", expires: now + 600_000 + wrong }))
        )
        yield* Effect.gen(function*() {
          for (let minute = 0; minute < 60; minute++) {
            yield* readOrder
            yield* TestClock.adjust("1 minute")
          }
        }).pipe(Effect.provide(ordersOver(script)))
        assert.isAtLeast(script.askedForToken.length, 6)
        assert.isAtMost(script.askedForToken.length, 7)
      }))
  }

  for (const [what, jump] of [["forward", 86_400_000], ["back", -86_400_000]] as const) {
    it.effect(`is neither renewed nor kept longer when the local clock jumps a day ${what}`, () =>
      Effect.gen(function*() {
        yield* TestClock.setTime(Date.parse("2026-06-01"))
        const script = makeScript(
          order,
          () =>
            Effect.map(Clock.currentTimeMillis, (now) =>
              json({ accessToken: "token", expires: now + 600_000 }, {
                headers: { date: new Date(now).toUTCString() }
              }))
        )
        const clock = yield* Clock.Clock
        const jumped: Clock.Clock = Object.create(clock, {
          currentTimeMillisUnsafe: { value: () => clock.currentTimeMillisUnsafe() + jump },
          currentTimeMillis: { value: Effect.map(clock.currentTimeMillis, (now) => now + jump) }
        })
        yield* Effect.gen(function*() {
          yield* readOrder
          yield* Effect.provideService(readOrder, Clock.Clock, jumped)
          assert.strictEqual(script.askedForToken.length, 1)
          yield* TestClock.adjust("10 minutes")
          yield* Effect.provideService(readOrder, Clock.Clock, jumped)
          assert.strictEqual(script.askedForToken.length, 2)
        }).pipe(Effect.provide(ordersOver(script)))
      }))
  }

  it.effect("takes `expires` as text too, and ten minutes where it is missing", () =>
    Effect.gen(function*() {
      for (const expires of ["600000", undefined, null, "soon", -1]) {
        const script = makeScript(order, () => json({ accessToken: "token", expires }))
        yield* Effect.gen(function*() {
          yield* readOrder
          yield* TestClock.adjust("8 minutes")
          yield* readOrder
        }).pipe(Effect.provide(ordersOver(script)))
        assert.strictEqual(script.askedForToken.length, 1, String(expires))
      }
    }))

  it.effect("goes on being fetched when the caller who began it is interrupted", () =>
    Effect.gen(function*() {
      const script = makeScript(order, () => Effect.as(Effect.sleep("2 seconds"), json({ accessToken: "token" })))
      yield* Effect.gen(function*() {
        const first = yield* Effect.forkChild(readOrder)
        yield* TestClock.adjust("1 second")
        const second = yield* Effect.forkChild(readOrder)
        yield* TestClock.adjust("1 millis")
        yield* Fiber.interrupt(first)
        yield* TestClock.adjust("1 second")
        assert.strictEqual((yield* Fiber.join(second)).id, id)
        assert.strictEqual(script.askedForToken.length, 1)
      }).pipe(Effect.provide(ordersOver(script)))
    }))

  it.effect("fails all who wait for it with the same cause, and is tried anew for the next", () =>
    Effect.gen(function*() {
      let isDown = true
      const script = makeScript(
        order,
        () =>
          Effect.as(Effect.sleep("1 second"), isDown ? new Response("", { status: 502 }) : json({ accessToken: "t" }))
      )
      yield* Effect.gen(function*() {
        const waiting = Effect.all(Array.from({ length: 20 }, () => Effect.flip(readOrder)), {
          concurrency: "unbounded"
        })
        const errors = yield* whileTimePasses(waiting)
        assert.deepStrictEqual(new Set(errors.map(({ _tag }) => _tag)), new Set(["FlexFactorBadGateway"]))
        assert.strictEqual(script.askedForToken.length, 1)
        isDown = false
        const found = yield* whileTimePasses(readOrder)
        assert.strictEqual(found.id, id)
      }).pipe(Effect.provide(ordersOver(script, withoutRetries)))
    }))

  it.effect("fails with FlexFactorTimeout when it never comes, and is tried anew for the next", () =>
    Effect.gen(function*() {
      let isHanging = true
      const script = makeScript(order, (): Answer => isHanging ? Effect.never : json({ accessToken: "t" }))
      yield* Effect.gen(function*() {
        const error = yield* whileTimePasses(Effect.flip(readOrder))
        assert.strictEqual(error._tag, "FlexFactorTimeout")
        isHanging = false
        assert.strictEqual((yield* readOrder).id, id)
      }).pipe(Effect.provide(ordersOver(script, withoutRetries)))
    }))

  for (const status of [400, 401]) {
    it.effect(`is FlexFactorUnauthorized for a wrong key pair, answered with ${status}, asked for once`, () =>
      Effect.gen(function*() {
        const script = makeScript(order, () => json({ title: "wrong" }, { status }))
        const error = yield* readOrder.pipe(Effect.flip, Effect.provide(ordersOver(script)))
        assert.strictEqual(error._tag, "FlexFactorUnauthorized")
        assert.strictEqual(error._tag === "FlexFactorUnauthorized" ? error.status : undefined, status)
        assert.strictEqual(script.askedForToken.length, 1)
        assert.strictEqual(script.asked.length, 0)
      }))
  }

  it.effect("is not an unknown order when the token endpoint is not found", () =>
    Effect.gen(function*() {
      const script = makeScript(order, () => new Response("", { status: 404 }))
      const error = yield* readOrder.pipe(Effect.flip, Effect.provide(ordersOver(script)))
      assert.strictEqual(error._tag, "FlexFactorUnexpectedStatus")
    }))

  for (const token of ["", "two words", "line\r\nbreak", "ümlaut", "x".repeat(20_000), 42, null]) {
    it.effect(`is refused where it cannot be a header: ${JSON.stringify(token).slice(0, 20)}`, () =>
      Effect.gen(function*() {
        const script = makeScript(order, () => json({ accessToken: token }))
        const error = yield* readOrder.pipe(Effect.flip, Effect.provide(ordersOver(script)))
        assert.strictEqual(error._tag, "FlexFactorInvalidResponse")
        assert.strictEqual(script.asked.length, 0)
      }))
  }

  for (const expires of ["{\"valueOf\":1,\"toString\":1}", `${"[".repeat(1e5)}${"]".repeat(1e5)}`]) {
    it.effect(`is used also where its expiry is nonsense: ${expires.slice(0, 20)}`, () =>
      Effect.gen(function*() {
        const script = makeScript(order, () => new Response(`{"accessToken":"token","expires":${expires}}`))
        assert.strictEqual((yield* Effect.provide(readOrder, ordersOver(script))).id, id)
      }))
  }

  it.effect("serves until it expires where no new one can be had", () =>
    Effect.gen(function*() {
      let isDown = false
      const script = makeScript(order, () =>
        isDown ? new Response("", { status: 503 }) : json({ accessToken: "token", expires: 600_000 }))
      yield* Effect.gen(function*() {
        yield* readOrder
        isDown = true
        yield* TestClock.adjust("595 seconds")
        assert.strictEqual((yield* readOrder).id, id)
        assert.strictEqual((yield* readOrder).id, id)
        yield* TestClock.adjust("6 seconds")
        assert.strictEqual((yield* Effect.flip(readOrder))._tag, "FlexFactorServiceUnavailable")
      }).pipe(Effect.provide(ordersOver(script, withoutRetries)))
    }))

  it.effect("leaves a refund its time where a renewal hangs and the last one still serves", () =>
    Effect.gen(function*() {
      let isHanging = false
      const script = makeScript(
        () => Effect.as(Effect.sleep("1 second"), json({ id: "order-1", status: 7 })),
        (): Answer => isHanging ? Effect.never : json({ accessToken: "token", expires: 600_000 })
      )
      yield* Effect.gen(function*() {
        yield* whileTimePasses(readOrder, "1 second")
        isHanging = true
        yield* TestClock.adjust("570 seconds")
        assert.strictEqual((yield* whileTimePasses(readOrder, "12 seconds")).id, id)
      }).pipe(Effect.provide(ordersOver(script, { ...withoutRetries, timeout: "12 seconds" })))
    }))

  it.effect("is not asked for by every call while it cannot be had and the last one serves", () =>
    Effect.gen(function*() {
      let isDown = false
      const script = makeScript(
        order,
        () => isDown ? new Response("", { status: 503 }) : json({ accessToken: "token", expires: 600_000 })
      )
      yield* Effect.gen(function*() {
        yield* readOrder
        isDown = true
        yield* TestClock.adjust("571 seconds")
        yield* Effect.forEach(Array.from({ length: 20 }), () => readOrder)
        assert.strictEqual(script.askedForToken.length, 2)
      }).pipe(Effect.provide(ordersOver(script, withoutRetries)))
    }))
})
