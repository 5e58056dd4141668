import { assert, describe, it } from "@effect/vitest"
import { Clock, Duration, Effect, Fiber, Layer, Redacted, Ref, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { Cents, FlexFactor, FlexFactorUnauthorized, OrderId, Orders } from "../src/index.ts"
import { FlexFactorSimulator } from "../src/testing/index.ts"
import { type Answer, json, keyPair, makeScript, ordersOver, type Script, whileTimePasses } from "./support/script.ts"

const id = OrderId.make("order-1")
const order = () => json({ id: "order-1", status: 7 })
const readOrder = Orders.use((orders) => orders.get(id))
const unauthorized = () => new Response("", { status: 401 })

const withoutRetries: FlexFactor.Tuning = { retry: Schedule.recurs(0) }

describe("the token of a key pair", () => {
  it.effect("is fetched once for ten thousand concurrent callers", () =>
    Effect.gen(function*() {
      const script = makeScript(
        order,
        () => Effect.as(Effect.sleep("2 seconds"), json({ accessToken: "token", expires: 600_000 }))
      )
      const calls = Effect.forEach(Array.from({ length: 10_000 }), () => readOrder, { concurrency: "unbounded" })
      const found = yield* Effect.flatten(whileTimePasses(Effect.provide(calls, ordersOver(script)), "3 seconds"))
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
        const errors = yield* Effect.flatten(whileTimePasses(waiting))
        assert.deepStrictEqual(new Set(errors.map(({ _tag }) => _tag)), new Set(["FlexFactorBadGateway"]))
        assert.strictEqual(script.askedForToken.length, 1)
        isDown = false
        const found = yield* Effect.flatten(whileTimePasses(readOrder))
        assert.strictEqual(found.id, id)
      }).pipe(Effect.provide(ordersOver(script, withoutRetries)))
    }))

  it.effect("fails with FlexFactorTimeout when it never comes, and is tried anew for the next", () =>
    Effect.gen(function*() {
      let isHanging = true
      const script = makeScript(order, (): Answer => isHanging ? Effect.never : json({ accessToken: "t" }))
      yield* Effect.gen(function*() {
        const error = yield* Effect.flatten(whileTimePasses(Effect.flip(readOrder)))
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
})

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
        yield* Effect.flatten(whileTimePasses(both))
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
})

describe("a token that the backend holds", () => {
  const held = (script: Script, accessToken: FlexFactor.HeldToken["accessToken"]) =>
    FlexFactor.production({ accessToken }).pipe(Layer.orDie, Layer.provide(script.http))

  it.effect("is used as it is, and none is asked for", () =>
    Effect.gen(function*() {
      const script = makeScript(order)
      yield* Effect.provide(readOrder, held(script, Redacted.make("held")))
      assert.strictEqual(script.askedForToken.length, 0)
      assert.strictEqual(script.asked[0]?.token, "Bearer held")
    }))

  it.effect("is not tried twice when it is refused and there is no other", () =>
    Effect.gen(function*() {
      const script = makeScript(unauthorized)
      const error = yield* readOrder.pipe(Effect.flip, Effect.provide(held(script, Redacted.make("held"))))
      assert.strictEqual(error._tag, "FlexFactorUnauthorized")
      assert.strictEqual(script.asked.length, 1)
    }))

  it.effect("is asked for again when it is refused, and the call repeated with the new one", () =>
    Effect.gen(function*() {
      let generation = 0
      const script = makeScript(({ token }) => token === "Bearer held-2" ? order() : unauthorized())
      yield* Effect.provide(readOrder, held(script, Effect.sync(() => Redacted.make(`held-${++generation}`))))
      assert.deepStrictEqual(script.asked.map(({ token }) => token), ["Bearer held-1", "Bearer held-2"])
    }))

  it.effect("fails the call with the backend's own error, before anything is sent", () =>
    Effect.gen(function*() {
      const script = makeScript(order)
      const failure = new FlexFactorUnauthorized({ operation: "FlexFactor.token", status: 401 })
      const error = yield* readOrder.pipe(Effect.flip, Effect.provide(held(script, Effect.fail(failure))))
      assert.strictEqual(error, failure)
      assert.strictEqual(script.asked.length, 0)
    }))

  it.effect("is refused by name where it cannot be a header, before anything is sent", () =>
    Effect.gen(function*() {
      const script = makeScript(order)
      const unusable = Redacted.make("a\r\nb: c")
      const fixed = FlexFactor.production({ accessToken: unusable }).pipe(Layer.provide(script.http))
      const wrong = yield* Effect.flip(Effect.provide(readOrder, fixed))
      assert.strictEqual(wrong._tag, "ConfigError")
      assert.include(wrong.message, "accessToken must be")
      const error = yield* readOrder.pipe(Effect.flip, Effect.provide(held(script, Effect.succeed(unusable))))
      assert.strictEqual(error._tag === "FlexFactorInvalidRequest" ? error.field : error._tag, "accessToken")
      assert.strictEqual(script.asked.length, 0)
    }))
})

describe("two merchants in one program", () => {
  it.effect("never share a token, beside each other or nested, and each asks for one", () =>
    Effect.gen(function*() {
      const byKey = (asked: { readonly body: string }) =>
        json({ accessToken: `token-of-${JSON.parse(asked.body).AppKey}`, expires: 600_000 })
      const script = makeScript(order, byKey)
      const merchant = (appKey: string) =>
        FlexFactor.production({ ...keyPair, appKey }).pipe(Layer.orDie, Layer.provide(script.http))
      const [first, second] = [merchant("m1"), merchant("m2")]
      const nested = readOrder.pipe(
        Effect.andThen(Effect.provide(readOrder, second)),
        Effect.andThen(readOrder),
        Effect.provide(first)
      )
      yield* nested
      yield* Effect.provide(readOrder, second)
      assert.deepStrictEqual(script.asked.map(({ token }) => token), [
        "Bearer token-of-m1",
        "Bearer token-of-m2",
        "Bearer token-of-m1",
        "Bearer token-of-m2"
      ])
    }))
})
