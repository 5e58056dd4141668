/**
 * What each kind of fault is, once a seed has drawn its details.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { HttpClient } from "effect/http"
import { TestClock } from "effect/testing"
import { type Operation, Orders } from "../../../src/index.ts"
import { FlexFactorSimulator } from "../../../src/testing/index.ts"
import { cents, simulated } from "../simulator/setup.ts"
import { failBySeed, id, onOneOrder, requests, send } from "./seeded.ts"

describe("what a seed draws", () => {
  const words: ReadonlyArray<
    readonly [kind: FlexFactorSimulator.FaultKind, operation: Operation, answers: ReadonlyArray<string>]
  > = [
    ["connection refused", "Orders.get", ["Error: connect ECONNREFUSED"]],
    ["request lost", "Orders.get", ["Error: read ECONNRESET"]],
    ["answer lost", "Orders.get", ["Error: read ECONNRESET"]],
    ["late commit", "Orders.cancel", ["Error: read ECONNRESET", "504 "]],
    ["server error before acting", "Orders.get", ["500 ", "502 ", "503 ", "504 "]],
    ["server error after acting", "Orders.get", ["500 ", "502 ", "503 ", "504 "]],
    ["too many requests", "Orders.get", ["429 "]],
    ["answer as HTML", "Orders.get", ["200 text/html; charset=utf-8", "502 text/html; charset=utf-8"]],
    ["answer without a body", "Orders.get", ["200 "]],
    // Without a token, which the fault does not change.
    ["tokens expired", "Orders.get", ["401 "]]
  ]
  it.effect.each(words)("for %s is met by %s as %o", ([kind, operation, answers]) =>
    Effect.gen(function*() {
      yield* failBySeed({ seed: 1, rate: 1, kinds: [kind] })
      assert.sameMembers([...new Set(yield* send(operation, 100))], [...answers])
    }).pipe(onOneOrder))

  /** How much money a hundred refunds of a cent moved, at once or within an hour. */
  const moved = Effect.fnUntraced(function*(kind: FlexFactorSimulator.FaultKind) {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const orders = yield* Orders
    yield* orders.get(id)
    yield* simulator.failBySeed({ seed: 1, rate: 1, kinds: [kind], maxLateCommit: "1 hour" })
    for (const _ of Array.from({ length: 100 })) {
      yield* Effect.flip(orders.refund(id, { amount: cents(1) }))
    }
    const atOnce = (yield* simulator.ledger).length
    yield* TestClock.adjust("1 hour")
    return { atOnce, inAll: yield* simulator.ledger }
  })

  it.effect.each(
    [
      ["request lost", 0],
      ["server error before acting", 0],
      ["answer lost", 100],
      ["server error after acting", 100]
    ] as const
  )("for %s lets %s of 100 refunds move money", ([kind, times]) =>
    Effect.gen(function*() {
      const { atOnce, inAll } = yield* moved(kind)
      assert.deepStrictEqual([atOnce, inAll.length], [times, times])
    }).pipe(simulated({ orders: [{ id, amount: cents(5000) }] })))

  it.effect.each(["answer as HTML", "answer without a body"] as const)(
    "for %s lets some of 100 refunds move money, and some not",
    (kind) =>
      Effect.gen(function*() {
        assert.approximately((yield* moved(kind)).atOnce, 50, 25)
      }).pipe(simulated({ orders: [{ id, amount: cents(5000) }] }))
  )

  it.effect("for a late commit lets the money move at any time up to the longest", () =>
    Effect.gen(function*() {
      const { atOnce, inAll } = yield* moved("late commit")
      assert.deepStrictEqual([atOnce, inAll.length], [0, 100])
      const minutes = inAll.map(({ at }) => DateTime.toEpochMillis(at) / 60_000)
      assert.isAbove(new Set(minutes).size, 90)
      assert.isAtMost(Math.max(...minutes), 60)
      assert.isAbove(Math.max(...minutes), 50)
      assert.isBelow(Math.min(...minutes), 10)
    }).pipe(simulated({ orders: [{ id, amount: cents(5000) }] })))

  it.effect("for a stale read shows an order as it was at any time down to the longest", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      yield* orders.refund(id, { amount: cents(1000) })
      yield* TestClock.adjust("30 seconds")
      yield* simulator.failBySeed({ seed: 1, rate: 1, kinds: ["stale read"], maxStaleness: "1 minute" })
      const read = Effect.map(orders.get(id), ({ extra }) => extra["refunded"])
      const shown = yield* Effect.replicateEffect(read, 100)
      assert.approximately(shown.filter((refunded) => refunded === 0).length, 50, 20)
      yield* TestClock.adjust("30 seconds")
      assert.isTrue((yield* Effect.replicateEffect(read, 100)).every((refunded) => refunded === 10))
    }).pipe(simulated({ orders: [{ id, amount: cents(5000) }], totals: { refunded: "refunded" } })))

  it.effect("for a delay is over at the longest", () =>
    Effect.gen(function*() {
      const http = yield* HttpClient.HttpClient
      yield* failBySeed({ seed: 1, rate: 1, kinds: ["answer delayed"], maxDelay: "20 seconds" })
      const waiting = yield* Effect.forkChild(
        Effect.forEach(Array.from({ length: 50 }), () => http.execute(requests["Orders.get"]), {
          concurrency: "unbounded"
        })
      )
      yield* TestClock.adjust(19_000)
      assert.isUndefined(waiting.pollUnsafe())
      yield* TestClock.adjust(1000)
      assert.isDefined(waiting.pollUnsafe())
    }).pipe(onOneOrder))
})
