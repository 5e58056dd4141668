import { assert, describe, it } from "@effect/vitest"
import { Clock, DateTime, Duration, Effect, Random, Schedule } from "effect"
import { TestClock } from "effect/testing"
import { ExternalOrderId, OrderId, Orders } from "../src/index.ts"
import { defaultSchedule } from "../src/internal/retry.ts"
import { refusedUnsent } from "./support/refused.ts"
import { type Answer, json, makeScript, ordersOver, type Respond, transportError } from "./support/script.ts"
import { whileTimePasses } from "./support/time.ts"

const id = OrderId.make("order-1")
const order = () => json({ id: "order-1", status: 7 })
const page = () => json({ items: [], hasNextPage: false })

/** Answers by `bad` for the first `times` requests and by `good` afterwards, and notes when each came. */
const flaky = (times: number, bad: Respond, good: () => Response) => {
  const at: Array<number> = []
  const script = makeScript((asked, request) =>
    Effect.flatMap(Clock.currentTimeMillis, (now) => {
      at.push(now)
      const answer: Answer = at.length <= times ? bad(asked, request) : good()
      return Effect.isEffect(answer) ? answer : Effect.succeed(answer)
    })
  )
  return { script, at }
}

const get = Orders.use((orders) => orders.get(id))
const cancel = Orders.use((orders) => orders.cancel(id))

describe("an operation that may be made again", () => {
  const operations = [
    ["list", Orders.use((orders) => Effect.asVoid(orders.list())), page],
    ["get", Effect.asVoid(get), order],
    ["cancel", cancel, () => json({})],
    ["cancelByExternalId", Orders.use((orders) => orders.cancelByExternalId(ExternalOrderId.make("o"))), () => json({})]
  ] as const
  const passing: ReadonlyArray<readonly [what: string, bad: Respond]> = [
    ["429", () => new Response("", { status: 429 })],
    ["500", () => new Response("", { status: 500 })],
    ["502", () => new Response("<html>", { status: 502 })],
    ["503", () => new Response("", { status: 503 })],
    ["504", () => new Response("", { status: 504 })],
    ["a lost connection", (_, request) => transportError(request, "ECONNRESET", "read")],
    ["a refused connection", (_, request) => transportError(request, "ECONNREFUSED", "connect")]
  ]
  for (const [name, operation, good] of operations) {
    for (const [what, bad] of passing) {
      it.effect(`${name} gets over three times ${what}, and not over a fourth`, () =>
        Effect.gen(function*() {
          const three = flaky(3, bad, good)
          yield* whileTimePasses(Effect.provide(operation, ordersOver(three.script)))
          assert.strictEqual(three.at.length, 4)
          const four = flaky(4, bad, good)
          yield* Effect.flip(whileTimePasses(Effect.provide(operation, ordersOver(four.script))))
          assert.strictEqual(four.at.length, 4)
        }))
    }
  }

  for (const status of [400, 403, 404, 405, 409, 422, 302, 418]) {
    it.effect(`is not made again after a ${status}`, () =>
      Effect.gen(function*() {
        const { at, script } = flaky(1, () => new Response("", { status }), () => json({}))
        yield* Effect.flip(whileTimePasses(Effect.provide(cancel, ordersOver(script))))
        assert.strictEqual(at.length, 1)
      }))
  }

  it.effect("may have arrived, where one attempt may have and the last was not even sent", () =>
    Effect.gen(function*() {
      let attempts = 0
      const script = makeScript((_, request): Answer =>
        ++attempts === 1 ? new Response("", { status: 502 }) : transportError(request, "ECONNREFUSED", "connect")
      )
      const error = yield* Effect.flip(whileTimePasses(Effect.provide(cancel, ordersOver(script))))
      assert.strictEqual(error._tag === "FlexFactorUnreachable" ? error.sent : error._tag, "maybe")
    }))

  it.effect("waits a random time below 0.2, 0.4 and 0.8 seconds", () =>
    Effect.gen(function*() {
      const { at, script } = flaky(3, () => new Response("", { status: 503 }), order)
      yield* whileTimePasses(Effect.provide(get, ordersOver(script)))
      const waits = at.slice(1).map((time, index) => time - (at[index] ?? 0))
      assert.strictEqual(waits.length, 3)
      waits.forEach((wait, index) => assert.isAtMost(wait, 200 * 2 ** index))
    }))

  it.effect("follows the schedule of the options instead, and keeps to the deadline", () =>
    Effect.gen(function*() {
      const { at, script } = flaky(1000, () => new Response("", { status: 503 }), order)
      const tuning = { retry: Schedule.spaced("1 second"), timeout: "10 seconds" } as const
      const error = yield* Effect.flip(whileTimePasses(Effect.provide(get, ordersOver(script, tuning))))
      assert.strictEqual(error._tag, "FlexFactorServiceUnavailable")
      assert.strictEqual(at.length, 10)
    }))
})

describe("Retry-After", () => {
  const now = Date.parse("2026-06-01T12:00:00Z")
  const date = (offset: number) => DateTime.toDateUtc(DateTime.makeUnsafe(now + offset)).toUTCString()
  const hourAhead = { date: date(3_600_000) }

  const cases: ReadonlyArray<readonly [what: string, headers: Record<string, string>, waits: number | "gives up"]> = [
    ["seconds", { "retry-after": "7" }, 7000],
    ["zero", { "retry-after": "0" }, 0],
    ["a date", { "retry-after": date(7000) }, 7000],
    ["a date read against the server's own clock", { ...hourAhead, "retry-after": date(3_607_000) }, 7000],
    ["a date in the past", { "retry-after": date(-6_000) }, 0],
    ["a negative number, which is none", { "retry-after": "-5" }, 0],
    ["words, which are none", { "retry-after": "soon" }, 0],
    ["a fraction, which is none", { "retry-after": "1.5" }, 0],
    ["longer than the deadline", { "retry-after": "31" }, "gives up"],
    ["a day", { "retry-after": "86400" }, "gives up"],
    ["a number beyond all clocks", { "retry-after": "99999999999999999999" }, "gives up"]
  ]
  for (const status of [429, 503]) {
    for (const [what, headers, waits] of cases) {
      it.effect(`of a ${status} is honoured as ${what}`, () =>
        Effect.gen(function*() {
          yield* TestClock.setTime(now)
          const { at, script } = flaky(1, () => new Response("", { status, headers }), order)
          const exit = yield* whileTimePasses(
            Effect.provide(get, ordersOver(script, { retry: Schedule.recurs(3) })).pipe(
              Effect.match({ onSuccess: () => "found", onFailure: ({ _tag }) => _tag })
            )
          )
          if (waits === "gives up") {
            assert.strictEqual(exit, status === 429 ? "FlexFactorTooManyRequests" : "FlexFactorServiceUnavailable")
            assert.strictEqual(at.length, 1)
          } else {
            assert.strictEqual(exit, "found")
            const [first = 0, second = 0] = at
            assert.strictEqual(second - first, waits)
          }
        }))
    }
  }

  it.effect("is on the error, as a duration", () =>
    Effect.gen(function*() {
      const { script } = flaky(9, () => new Response("", { status: 429, headers: { "retry-after": "120" } }), order)
      const error = yield* get.pipe(Effect.flip, Effect.provide(ordersOver(script)))
      assert.strictEqual(error._tag, "FlexFactorTooManyRequests")
      if (error._tag !== "FlexFactorTooManyRequests" || error.retryAfter === undefined) return assert.fail("no hint")
      assert.strictEqual(Duration.toSeconds(error.retryAfter), 120)
    }))
})

describe("in an outage", () => {
  it.effect("six thousand calls make at most five in a hundred more requests", () =>
    Effect.gen(function*() {
      const script = makeScript(() => new Response("", { status: 503 }))
      const calls = Effect.forEach(Array.from({ length: 6_000 }), () => Effect.ignore(get), { concurrency: 1000 })
      yield* whileTimePasses(Effect.provide(calls, ordersOver(script)))
      assert.isAtLeast(script.asked.length, 6_000)
      assert.isAtMost(script.asked.length, 6_300)
    }))

  it.effect("calls that succeed earn back what failing ones may spend", () =>
    Effect.gen(function*() {
      let isDown = true
      const script = makeScript(() => isDown ? new Response("", { status: 503 }) : order())
      yield* Effect.gen(function*() {
        yield* Effect.forEach(Array.from({ length: 100 }), () => Effect.ignore(get))
        const spent = script.asked.length
        yield* Effect.ignore(get)
        assert.strictEqual(script.asked.length, spent + 1)
        isDown = false
        yield* Effect.forEach(Array.from({ length: 60 }), () => get)
        isDown = true
        const before = script.asked.length
        yield* Effect.ignore(get)
        assert.strictEqual(script.asked.length, before + 4)
      }).pipe(Effect.provide(ordersOver(script, { retry: Schedule.recurs(3) })))
    }))

  it.effect("clients that fail together do not come back together", () =>
    Effect.gen(function*() {
      const clients = yield* Effect.forEach(
        Array.from({ length: 640 }),
        () =>
          Effect.flatMap(Schedule.toStep(defaultSchedule(3)), (step) => step(0, undefined)).pipe(
            Effect.map(([, delay]) => Duration.toMillis(delay)),
            Effect.orDie
          )
      )
      const inTenths = Array.from({ length: 10 }, (_, tenth) =>
        clients.filter((delay) => Math.floor(delay / 20) === tenth).length)
      inTenths.forEach((count) =>
        assert.isAtMost(count, 110)
      )
      assert.strictEqual(inTenths.reduce((sum, count) => sum + count), 640)
      assert.isAtLeast(new Set(clients).size, 150)
    }).pipe(Random.withSeed("clients")))
})

describe("a cancel that is repeated", () => {
  it.effect("carries the same idempotency key each time", () =>
    Effect.gen(function*() {
      const idempotencyKey = "3f2504e0-4f89-41d3-9a0c-0305e82c3301"
      const { script } = flaky(3, () => new Response("", { status: 503 }), () => json({}))
      yield* Orders.use((orders) => orders.cancel(id, { idempotencyKey })).pipe(
        Effect.provide(ordersOver(script)),
        whileTimePasses
      )
      assert.strictEqual(script.asked.length, 4)
      assert.deepStrictEqual(
        new Set(script.asked.map(({ body }) => body)),
        new Set([JSON.stringify({ idempotencyKey })])
      )
    }))

  it.effect("carries no key where the caller gives none", () =>
    Effect.gen(function*() {
      const script = makeScript(() => json({}))
      yield* Effect.provide(cancel, ordersOver(script))
      assert.strictEqual(script.asked[0]?.body, "{}")
    }))

  it.effect("refuses a key that is not a GUID, before anything is sent", () =>
    refusedUnsent((orders) => orders.cancel(id, { idempotencyKey: "ticket-1" }), "idempotencyKey", "must be a GUID"))

  it.effect("fails with FlexFactorConflict on a 409", () =>
    Effect.gen(function*() {
      const script = makeScript(() => new Response("", { status: 409 }))
      const error = yield* cancel.pipe(Effect.flip, Effect.provide(ordersOver(script)))
      assert.strictEqual(error._tag, "FlexFactorConflict")
      assert.strictEqual(script.asked.length, 1)
    }))
})

describe("the verdict on a cancel", () => {
  const answers: ReadonlyArray<readonly [what: string, answer: () => Response, tag: string]> = [
    ["an empty 200", () => new Response(""), "Cancelled"],
    ["a 204", () => new Response(null, { status: 204 }), "Cancelled"],
    ["an empty 202", () => new Response("", { status: 202 }), "FlexFactorInvalidResponse"],
    ["{}", () => json({}), "Cancelled"],
    ["an envelope that says yes", () => json({ success: true, status: "SUCCESS" }), "Cancelled"],
    ["an envelope that says no", () => json({ success: false, status: "FAILED" }), "CancelRejected"],
    [
      "an envelope that says no with a 400",
      () => json({ success: false, status: "FAILED" }, { status: 400 }),
      "CancelRejected"
    ],
    [
      "an envelope that contradicts itself",
      () => json({ success: true, status: "FAILED" }),
      "FlexFactorInvalidResponse"
    ],
    ["OK", () => new Response("OK"), "FlexFactorInvalidResponse"],
    ["an order", () => json({ id: "1", status: 7 }), "FlexFactorInvalidResponse"],
    ["HTML", () => new Response("<html>"), "FlexFactorInvalidResponse"],
    ["a 404", () => json({ title: "?" }, { status: 404 }), "FlexFactorNotFound"]
  ]
  for (const [what, answer, expected] of answers) {
    it.effect(`is ${expected} for ${what}`, () =>
      Effect.gen(function*() {
        const tag = yield* cancel.pipe(
          Effect.match({ onSuccess: () => "Cancelled", onFailure: ({ _tag }) => _tag }),
          Effect.provide(ordersOver(makeScript(answer)))
        )
        assert.strictEqual(tag, expected)
      }))
  }
})
