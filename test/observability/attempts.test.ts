import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { Orders, type OrdersError } from "../../src/index.ts"
import { Fault } from "../../src/testing/index.ts"
import { fails, id, observe, operations } from "./observe.ts"

describe("the attempts of a call", () => {
  const cases: ReadonlyArray<
    readonly [name: string, operation: OrdersError.Operation, faults: ReadonlyArray<Fault.Fault>, attempts: number]
  > = [
    ["a 503", "Orders.get", [Fault.answer(503)], 2],
    ["two 503s", "Orders.get", [Fault.answer(503), Fault.answer(503)], 3],
    ["a lost connection", "Orders.get", [Fault.connectionLost({ serverActs: true })], 2],
    ["a 401", "Orders.get", [Fault.tokensExpired], 2],
    ["a 503 and a 401", "Orders.get", [Fault.answer(503), Fault.tokensExpired], 3],
    ["a failed token, which is not an attempt of the call", "FlexFactor.token", [Fault.answer(401)], 0]
  ]
  it.effect.each(cases)(
    "are counted on its span, after %s",
    ([, operation, faults, attempts]) =>
      Effect.gen(function*() {
        const { shown } = yield* observe(
          Effect.andThen(fails(operation, ...faults), Orders.use((orders) => orders.get(id)))
        )
        assert.strictEqual(shown.length, 1)
        assert.strictEqual(shown[0]?.attributes["flexfactor.attempt"] ?? 0, attempts)
        if (attempts > 0) assert.strictEqual(shown[0]?.attributes["http.response.status_code"], 200)
      })
  )

  it.effect("are counted also where the last of them was not answered", () =>
    Effect.gen(function*() {
      const lost = Fault.connectionLost({ serverActs: false })
      const { shown } = yield* observe(
        Effect.andThen(fails("Orders.get", lost, lost, lost, lost), Orders.use((orders) => orders.get(id)))
      )
      assert.strictEqual(shown[0]?.attributes["flexfactor.attempt"], 4)
    }))

  it.effect("show the status of the last one only where it was answered", () =>
    Effect.gen(function*() {
      const lost = Fault.connectionLost({ serverActs: false })
      const { shown } = yield* observe(
        Effect.andThen(
          fails("Orders.get", Fault.answer(503), lost, lost, lost),
          Orders.use((orders) => orders.get(id))
        )
      )
      assert.notProperty(shown[0]?.attributes, "http.response.status_code")
    }))

  it.effect("after a 401 are no retry: nothing is logged or counted", () =>
    Effect.gen(function*() {
      const { lines, metrics } = yield* observe(
        Effect.andThen(fails("Orders.refund", Fault.tokensExpired), operations[2]?.[1] ?? Effect.void)
      )
      assert.deepStrictEqual(lines, [])
      assert.deepStrictEqual(metrics, [])
    }))
})
