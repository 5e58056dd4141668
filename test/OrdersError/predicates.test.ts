import { assert, describe, it } from "@effect/vitest"
import { Cause, Data, Duration, Effect } from "effect"
import { HttpApiError } from "effect/http-api"
import * as Library from "../../src/index.ts"
import { OrdersError } from "../../src/index.ts"
import { ordersAnsweredWith } from "../support/script.ts"
import { errorOf, getErrorOf, id, refund, statuses } from "./samples.ts"

type Tag = OrdersError.OrdersError["_tag"]

/** Every tag, and whether the same call may be made again. The type keeps the table complete. */
const repeatable: Readonly<Record<Tag, boolean>> = {
  FlexFactorBadRequest: false,
  FlexFactorUnauthorized: false,
  FlexFactorForbidden: false,
  FlexFactorNotFound: false,
  FlexFactorMethodNotAllowed: false,
  FlexFactorConflict: false,
  FlexFactorUnprocessableEntity: false,
  FlexFactorTooManyRequests: true,
  FlexFactorInternalServerError: true,
  FlexFactorBadGateway: true,
  FlexFactorServiceUnavailable: true,
  FlexFactorGatewayTimeout: true,
  FlexFactorUnexpectedStatus: false,
  FlexFactorInvalidRequest: false,
  FlexFactorInvalidResponse: false,
  FlexFactorListStalled: false,
  FlexFactorTimeout: true,
  FlexFactorUnreachable: true,
  SandboxDataRefused: false,
  RefundRejected: false,
  RefundOutcomeUnknown: false,
  CancelRejected: false
}

/** One error of every kind: those of an answer as the client makes them, the others made here. */
const samples: Effect.Effect<ReadonlyArray<OrdersError.OrdersError>, unknown> = Effect.gen(function*() {
  const answered = yield* Effect.forEach(statuses, ([status]) => getErrorOf({ status }))
  return [
    ...answered,
    yield* errorOf((orders) => orders.refund(id, refund), { body: { success: false, status: "FAILED" } }),
    yield* errorOf((orders) => orders.refund(id, refund), { status: 500 }),
    yield* errorOf((orders) => orders.cancel(id), { body: { success: false, status: "FAILED" } }),
    yield* getErrorOf({ body: "" }),
    yield* errorOf((orders) => orders.list({ pageSize: 0 }), {}),
    yield* errorOf((orders) => orders.list({ query: "4539148803436467" }), {}),
    new OrdersError.FlexFactorListStalled({ operation: "Orders.list", pageNumber: 2 }),
    new OrdersError.FlexFactorTimeout({ operation: "Orders.get", sent: "maybe", timeout: Duration.seconds(30) }),
    new OrdersError.FlexFactorUnreachable({ operation: "Orders.get", sent: "no", code: "ECONNREFUSED" })
  ]
})

describe("an error of the library", () => {
  it.effect("is recognised, whichever it is", () =>
    Effect.gen(function*() {
      const errors = yield* samples
      assert.deepStrictEqual([...new Set(errors.map(({ _tag }) => _tag))].sort(), Object.keys(repeatable).sort())
      for (const error of errors) assert.isTrue(OrdersError.isOrdersError(error), error._tag)
    }))

  it("is not another error, nor something that only has its tag", () => {
    const others: ReadonlyArray<unknown> = [
      new Error("FlexFactorNotFound"),
      { _tag: "FlexFactorNotFound", operation: "Orders.get", status: 404 },
      new HttpApiError.NotFound({}),
      Cause.fail("x"),
      "FlexFactorNotFound",
      null,
      undefined
    ]
    for (const other of others) assert.isFalse(OrdersError.isOrdersError(other))
  })

  it.effect("may be repeated exactly where the table says so", () =>
    Effect.gen(function*() {
      for (const error of yield* samples) {
        assert.strictEqual(OrdersError.isRepeatable(error), repeatable[error._tag], error._tag)
      }
    }))

  it.effect("leaves the money open only as RefundOutcomeUnknown", () =>
    Effect.gen(function*() {
      for (const error of yield* samples) {
        assert.strictEqual(OrdersError.isAmbiguous(error), error._tag === "RefundOutcomeUnknown", error._tag)
      }
    }))

  it.effect("is never both repeatable and ambiguous", () =>
    Effect.gen(function*() {
      for (const error of yield* samples) {
        assert.isFalse(OrdersError.isRepeatable(error) && OrdersError.isAmbiguous(error), error._tag)
      }
    }))

  it("is told from an error of the program, with a tag or without", () => {
    class OfTheProgram extends Data.TaggedError("OfTheProgram") {}
    for (const error of [new OfTheProgram(), new Error("RefundOutcomeUnknown")]) {
      assert.isFalse(OrdersError.isRepeatable(error))
      assert.isFalse(OrdersError.isAmbiguous(error))
    }
  })

  it.effect("is caught by its tag", () =>
    Effect.gen(function*() {
      const orders = yield* ordersAnsweredWith({ status: 404 })
      const caught = yield* orders.get(id).pipe(
        Effect.catchTag("FlexFactorNotFound", (error) => Effect.succeed(error.status))
      )
      assert.strictEqual(caught, 404)
    }))
})

describe("the names of the errors", () => {
  const effectNames = new Set(Object.keys(HttpApiError))

  it("include the ones of Effect's HTTP errors to compare with", () => {
    assert.includeMembers([...effectNames], ["NotFound", "BadRequest", "InternalServerError", "BadRequestProblem"])
  })

  it("are none of Effect's HTTP errors, neither as a tag nor as a class", () => {
    for (const tag of Object.keys(repeatable)) assert.isFalse(effectNames.has(tag), tag)
    for (const name of Object.keys(Library)) assert.isFalse(effectNames.has(name), name)
  })

  it("are exported: every tag is a class of the same name", () => {
    for (const tag of Object.keys(repeatable)) {
      assert.isFunction(Reflect.get(Library, tag), tag)
      assert.strictEqual(Reflect.get(Library, tag), Reflect.get(OrdersError, tag))
    }
  })
})
