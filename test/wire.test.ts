import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { readFileSync } from "node:fs"
import { Cents, ExternalOrderId, FlexFactor, OrderId, Orders } from "../src/index.ts"
import {
  json,
  keyPair,
  makeOrders,
  makeScript,
  ordersAnsweredWith,
  type Respond,
  type Run,
  tagged
} from "./support/script.ts"

/** A payload as it was recorded or documented; the JWT of the token is left out. */
const recorded = (name: string): string => readFileSync(new URL(`./wire/${name}.json`, import.meta.url), "utf8")

const id = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")
const refund = { amount: Cents.fromDollars("1.00") }

/** Runs a program on a sandbox client that fetches the recorded token with a key pair. */
const withKeyPair = <A, E>(respond: Respond, program: Effect.Effect<A, E, Orders>) => {
  const { http, requests } = makeScript(respond, () => ({ body: recorded("token-response") }))
  return program.pipe(
    Effect.provide(Layer.provide(FlexFactor.sandbox(keyPair), http)),
    Effect.map((result) => ({ result, requests }))
  )
}

describe("the recorded answer with a token", () => {
  it.effect("is read, and its token is sent", () =>
    Effect.gen(function*() {
      const { requests, result } = yield* withKeyPair(
        () => json({ id, status: 7 }),
        Effect.flatMap(Orders, (orders) => orders.get(id))
      )
      assert.strictEqual(result.status, "Completed")
      assert.deepStrictEqual(requests.map(({ method, token, url }) => [method, url.href, token]), [
        ["POST", "https://api-sandbox.flexfactor.io/v1/oauth2/token", undefined],
        ["GET", `https://api-sandbox.flexfactor.io/v1/orders/${id}`, "Bearer <JWT>"]
      ])
      assert.deepStrictEqual(JSON.parse(requests[0]?.body ?? ""), { AppKey: "key", AppSecret: "secret" })
    }))

  it.effect("lets a token be used again while it is valid", () =>
    Effect.gen(function*() {
      const { requests } = yield* withKeyPair(
        () => json({ id, status: 7 }),
        Effect.gen(function*() {
          const orders = yield* Orders
          yield* orders.get(id)
          yield* orders.get(id)
        })
      )
      assert.deepStrictEqual(requests.map(({ method }) => method), ["POST", "GET", "GET"])
    }))
})

describe("the documented refund", () => {
  it.effect("is what the client sends", () =>
    Effect.gen(function*() {
      const { requests } = yield* withKeyPair(
        () => ({ body: recorded("refund-response-documented").replace("SUCCESS | FAILED", "SUCCESS") }),
        Effect.flatMap(Orders, (orders) => orders.refund(id, { amount: Cents.make(1200) }))
      )
      assert.deepStrictEqual(JSON.parse(requests[1]?.body ?? ""), JSON.parse(recorded("refund-request")))
    }))

  it.effect("answered with SUCCESS gives a receipt", () =>
    Effect.gen(function*() {
      const body = recorded("refund-response-documented").replace("SUCCESS | FAILED", "SUCCESS")
      const orders = yield* ordersAnsweredWith({ body, headers: { "apigw-requestid": "VtXyZ=" } })
      const receipt = yield* orders.refund(id, refund)
      assert.strictEqual(receipt.orderId, id)
      assert.strictEqual(receipt.amount, refund.amount)
      assert.strictEqual(receipt.confirmedBy, "answer")
      assert.strictEqual(receipt.requestId, "VtXyZ=")
    }))

  it.effect("answered with the documented text unchanged is a doubt: it says yes and gives no verdict", () =>
    Effect.gen(function*() {
      const orders = yield* ordersAnsweredWith({ body: recorded("refund-response-documented") })
      const error = yield* Effect.flip(orders.refund(id, refund))
      assert.strictEqual(error._tag, "RefundOutcomeUnknown")
    }))
})

describe("the recorded failure of a refund", () => {
  for (const status of [200, 400, 422, 500]) {
    it.effect(`on status ${status} is RefundRejected with FlexFactor's code and reason`, () =>
      Effect.gen(function*() {
        const orders = yield* ordersAnsweredWith({ status, body: recorded("refund-failure") })
        const error = tagged(yield* Effect.flip(orders.refund(id, refund)), "RefundRejected")
        assert.strictEqual(error.code, "2001")
        assert.isUndefined(error.codeParts)
        assert.strictEqual(
          error.reason,
          "Amount to refund (1.00) is greater than maximum refund amount in (0.00))"
        )
        assert.strictEqual(error.status, status)
        assert.strictEqual(error.orderId, id)
        assert.strictEqual(error.amount, 100)
        assert.notInclude(error.message, "greater than")
      }))
  }
})

describe("a recorded validation failure", () => {
  const cases = [
    {
      name: "validation-idempotency-key",
      traceId: "00-bf5a1XXXTRACEXXX174b8a-f58XXXIDXXX32-01",
      fieldErrors: { IdempotencyKey: ["The IdempotencyKey field is required."] }
    },
    {
      name: "validation-expiry-date",
      traceId: "00-bf5a1XXXTRACEXXX174b8a-f58XXXIDXXX32-01",
      fieldErrors: { ExpiryDateUtc: ["The field ExpiryDateUtc is invalid."] }
    },
    {
      name: "validation-hybrid",
      traceId: "00-3b4af05c51be4aa7dd77104ac75f252b-004c728c64ca280d-01",
      fieldErrors: {
        OrderId: ["Merchant's orderId is required"],
        IsDeclined: ["The IsDeclined field is required."],
        IdempotencyKey: ["The IdempotencyKey field is required."],
        "Transaction.Id": ["The Id field is required."],
        "Transaction.ResponseCode": ["The ResponseCode field is required."],
        "Transaction.AvsResultCode": ["The AvsResultCode field is required."],
        "Transaction.CvvResultCode": ["The CvvResultCode field is required."]
      }
    },
    {
      name: "validation-documented",
      traceId: "00-64a5cf4492a4f17b5751dce5120fe708-631875e92558b83a-01",
      fieldErrors: {
        username: ["The username field is required."],
        password: ["The password field is required.", "The password must be at least 8 characters long."]
      }
    }
  ]
  const operations: ReadonlyArray<readonly [name: string, run: Run]> = [
    ["get", (orders) => orders.get(id)],
    ["list", (orders) => orders.list()],
    ["refund", (orders) => orders.refund(id, refund)],
    ["cancel", (orders) => orders.cancel(id)]
  ]
  for (const { fieldErrors, name, traceId } of cases) {
    for (const [operation, run] of operations) {
      it.effect(`(${name}) of ${operation} is FlexFactorBadRequest with the trace id and the complaints by field`, () =>
        Effect.gen(function*() {
          const orders = yield* ordersAnsweredWith({ status: 400, body: recorded(name) })
          const error = tagged(yield* Effect.flip(run(orders)), "FlexFactorBadRequest")
          assert.strictEqual(error.traceId, traceId)
          assert.deepStrictEqual(error.fieldErrors, fieldErrors)
          assert.include(error.message, traceId)
        }))
    }
  }
})

describe("a documented answer to a cancel", () => {
  for (
    const [name, answer] of [
      ["an empty object", { body: recorded("cancel-response") }],
      ["nothing", { body: "" }],
      ["nothing and no content type", { headers: { "content-type": "" } }],
      ["status 204", { status: 204 }]
    ] as const
  ) {
    it.effect(`with ${name} is a success`, () =>
      Effect.gen(function*() {
        const orders = yield* ordersAnsweredWith(answer)
        assert.isUndefined(yield* orders.cancel(id))
        assert.isUndefined(yield* orders.cancelByExternalId(ExternalOrderId.make("#1001")))
      }))
  }
})

describe("a cancel", () => {
  it.effect("sends an empty object, to the order or to the merchant's own id", () =>
    Effect.gen(function*() {
      const script = makeScript(() => json({}))
      const orders = yield* makeOrders(script)
      yield* orders.cancel(id)
      yield* orders.cancelByExternalId(ExternalOrderId.make("#1001"))
      assert.deepStrictEqual(script.requests.map(({ body, method, url }) => [method, url.href, body]), [
        ["POST", `https://api-sandbox.flexfactor.io/v1/orders/${id}/cancel`, "{}"],
        ["POST", "https://api-sandbox.flexfactor.io/v1/orders/%231001/external-cancel", "{}"]
      ])
    }))
})

describe("the ids in recorded payloads", () => {
  for (
    const [name, field] of [
      ["evaluate-response", "orderId"],
      ["evaluate-response", "orderSessionKey"],
      ["webhook-order-completed", "OrderId"]
    ] as const
  ) {
    it(`are order ids: ${field} of ${name}`, () => {
      const text: unknown = JSON.parse(recorded(name))[field]
      assert.strictEqual(OrderId.make(String(text)), text)
    })
  }

  it("are the merchant's where the webhook says so", () => {
    const text: unknown = JSON.parse(recorded("webhook-order-completed")).ExternalOrderId
    assert.strictEqual(ExternalOrderId.make(String(text)), text)
  })
})
