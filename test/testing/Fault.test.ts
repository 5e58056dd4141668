/**
 * What each fault makes of a refund: what the client is told, and whether money moved. The deadline is 30 seconds.
 */
import { assert, describe, it } from "@effect/vitest"
import { DateTime, Duration, Effect, Fiber, Result, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { TestClock } from "effect/testing"
import { Cents, type Operation, OrderId, Orders, type RefundError, type RefundReceipt } from "../../src/index.ts"
import { Fault, FlexFactorSimulator } from "../../src/testing/index.ts"

const id = OrderId.make("00000000-0000-4000-8000-000000000001")
const price = 5000

const describeError = (error: RefundError): string => {
  switch (error._tag) {
    case "RefundOutcomeUnknown":
      return `${error._tag}: ${error.doubt}${error.status === undefined ? "" : ` ${error.status}`}`
    case "RefundRejected":
      return `${error._tag}: ${error.code}`
    case "FlexFactorUnreachable":
    case "FlexFactorTimeout":
      return `${error._tag}: ${error.operation}, sent ${error.sent}`
    case "FlexFactorTooManyRequests":
      return `${error._tag}: ${error.retryAfter === undefined ? "" : Duration.format(error.retryAfter)}`
    default:
      return error._tag
  }
}

const describeOutcome = (outcome: Result.Result<RefundReceipt, RefundError>): string =>
  Result.match(outcome, { onSuccess: () => "receipt", onFailure: describeError })

/** Refunds under faults, and lets time pass until the outcome is there. */
const refundUnder = Effect.fnUntraced(
  function*(faults: ReadonlyArray<Fault.Fault>, operation: Operation = "Orders.refund", amount = 1000) {
    const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
    const orders = yield* Orders
    yield* simulator.failNext(operation, ...faults)
    const refund = yield* Effect.forkChild(Effect.result(orders.refund(id, { amount: Cents.make(amount) })))
    yield* TestClock.adjust("10 minutes")
    const outcome = yield* Fiber.join(refund)
    return {
      result: outcome,
      outcome: describeOutcome(outcome),
      moved: (yield* simulator.ledger).length,
      arrived: (yield* simulator.requests).filter((request) => request.operation === "Orders.refund").length,
      tokens: (yield* simulator.requests).filter((request) => request.operation === "FlexFactor.token").length
    }
  }
)

const simulated = Effect.provide(FlexFactorSimulator.layer({ orders: [{ id, amount: Cents.make(price) }] }))

interface Row {
  readonly name: string
  readonly faults: ReadonlyArray<Fault.Fault>
  readonly outcome: string
  /** How often money moved. */
  readonly moved: number
  /** How many refund requests reached the server. */
  readonly arrived: number
}

const acted = { serverActs: true }
const idle = { serverActs: false }
const html = "<html><head><title>502 Bad Gateway</title></head></html>"
const unknown = (doubt: string) => `RefundOutcomeUnknown: ${doubt}`

const rows: ReadonlyArray<Row> = [
  { name: "no fault", faults: [], outcome: "receipt", moved: 1, arrived: 1 },
  // Before sending.
  { name: "a refused connection", faults: [Fault.connectionRefused], outcome: "receipt", moved: 1, arrived: 1 },
  {
    name: "connections that are refused until the retries are spent",
    faults: Array.from({ length: 4 }, () => Fault.connectionRefused),
    outcome: "FlexFactorUnreachable: Orders.refund, sent no",
    moved: 0,
    arrived: 0
  },
  // After sending.
  {
    name: "a connection lost after the server acted",
    faults: [Fault.connectionLost(acted)],
    outcome: unknown("connection lost"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a connection lost before the server acted",
    faults: [Fault.connectionLost(idle)],
    outcome: unknown("connection lost"),
    moved: 0,
    arrived: 1
  },
  {
    name: "a refused connection and then a lost one",
    faults: [Fault.connectionRefused, Fault.connectionLost(acted)],
    outcome: unknown("connection lost"),
    moved: 1,
    arrived: 1
  },
  { name: "a truncated answer", faults: [Fault.truncated], outcome: unknown("connection lost"), moved: 1, arrived: 1 },
  // Statuses.
  ...[500, 502, 503, 504].flatMap((status): ReadonlyArray<Row> => [
    {
      name: `a ${status} after the server acted`,
      faults: [Fault.answer(status, acted)],
      outcome: unknown(`server error ${status}`),
      moved: 1,
      arrived: 1
    },
    {
      name: `a ${status} before the server acted`,
      faults: [Fault.answer(status)],
      outcome: unknown(`server error ${status}`),
      moved: 0,
      arrived: 1
    }
  ]),
  {
    name: "a 502 as HTML",
    faults: [Fault.answer(502, { body: html, ...acted })],
    outcome: unknown("server error 502"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a 200 as HTML",
    faults: [Fault.answer(200, { body: html, ...acted })],
    outcome: unknown("unreadable answer 200"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a 200 without a body",
    faults: [Fault.answer(200, acted)],
    outcome: unknown("unreadable answer 200"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a 200 that contradicts itself",
    faults: [Fault.answer(200, { body: { success: true, status: "FAILED" }, ...acted })],
    outcome: unknown("contradiction 200"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a 502 that says that it was done",
    faults: [Fault.answer(502, { body: { success: true, status: "SUCCESS" }, ...acted })],
    outcome: "receipt",
    moved: 1,
    arrived: 1
  },
  {
    name: "a 307 to elsewhere",
    faults: [Fault.answer(307, { headers: { location: "https://elsewhere.test/" } })],
    outcome: unknown("server error 307"),
    moved: 0,
    arrived: 1
  },
  {
    name: "a 409",
    faults: [Fault.answer(409, acted)],
    outcome: unknown("conflict 409"),
    moved: 1,
    arrived: 1
  },
  {
    name: "a 429 with Retry-After",
    faults: [Fault.answer(429, { headers: { "retry-after": "2" } })],
    outcome: "FlexFactorTooManyRequests: 2s",
    moved: 0,
    arrived: 1
  },
  {
    name: "a 429 without Retry-After",
    faults: [Fault.answer(429)],
    outcome: "FlexFactorTooManyRequests: ",
    moved: 0,
    arrived: 1
  },
  { name: "a 400", faults: [Fault.answer(400)], outcome: "FlexFactorBadRequest", moved: 0, arrived: 1 },
  { name: "a 403", faults: [Fault.answer(403)], outcome: "FlexFactorForbidden", moved: 0, arrived: 1 },
  { name: "a 422", faults: [Fault.answer(422)], outcome: "FlexFactorUnprocessableEntity", moved: 0, arrived: 1 },
  // Time.
  {
    name: "an answer that comes within the deadline",
    faults: [Fault.delayed("29 seconds")],
    outcome: "receipt",
    moved: 1,
    arrived: 1
  },
  {
    name: "an answer that comes after the deadline",
    faults: [Fault.delayed("31 seconds")],
    outcome: unknown("timeout"),
    moved: 1,
    arrived: 1
  },
  { name: "a slow body", faults: [Fault.slow("1 millis")], outcome: "receipt", moved: 1, arrived: 1 },
  {
    name: "a body that is slower than the deadline",
    faults: [Fault.slow("1 second")],
    outcome: unknown("timeout"),
    moved: 1,
    arrived: 1
  },
  // Delivery and tokens.
  { name: "a duplicate delivery", faults: [Fault.duplicated], outcome: "receipt", moved: 2, arrived: 2 },
  { name: "tokens that expire on the way", faults: [Fault.tokensExpired], outcome: "receipt", moved: 1, arrived: 2 },
  {
    name: "tokens that expire on the way twice",
    faults: [Fault.tokensExpired, Fault.tokensExpired],
    outcome: "FlexFactorUnauthorized",
    moved: 0,
    arrived: 2
  },
  {
    name: "tokens that expire and then a lost connection",
    faults: [Fault.tokensExpired, Fault.connectionLost(acted)],
    outcome: unknown("connection lost"),
    moved: 1,
    arrived: 2
  },
  {
    name: "tokens that expire and then a refused connection",
    faults: [Fault.tokensExpired, Fault.connectionRefused],
    outcome: "receipt",
    moved: 1,
    arrived: 2
  },
  {
    name: "a 401 after the server acted, which says that it was done",
    faults: [Fault.answer(401, { body: { success: true, status: "SUCCESS" }, ...acted })],
    outcome: "receipt",
    moved: 1,
    arrived: 1
  }
]

describe("a refund", () => {
  it.effect.each(rows)(
    "under $name: $outcome, money moved $moved times, $arrived requests arrived",
    ({ arrived, faults, moved, outcome }) =>
      Effect.gen(function*() {
        const seen = yield* refundUnder(faults)
        assert.deepStrictEqual({ outcome: seen.outcome, moved: seen.moved, arrived: seen.arrived }, {
          outcome,
          moved,
          arrived
        })
      }).pipe(simulated)
  )

  it.effect("that is delivered twice gets the second answer", () =>
    Effect.gen(function*() {
      const { result } = yield* refundUnder([Fault.duplicated])
      assert.strictEqual(Result.getOrThrow(result).transactionId, `refund-${id}-2`)
    }).pipe(simulated))

  it.effect("of the full amount that is delivered twice gets the second answer, a refusal, although money moved", () =>
    Effect.gen(function*() {
      const seen = yield* refundUnder([Fault.duplicated], "Orders.refund", price)
      assert.strictEqual(seen.outcome, "RefundRejected: 2001")
      assert.strictEqual(seen.moved, 1)
    }).pipe(simulated))

  it.effect("that times out tells so at the deadline, and the money moved when the request arrived", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      yield* simulator.failNext("Orders.refund", Fault.delayed("1 minute"))
      const refund = yield* Effect.forkChild(Effect.flip(orders.refund(id, { amount: Cents.make(1000) })))
      yield* TestClock.adjust(29_999)
      assert.isUndefined(refund.pollUnsafe())
      yield* TestClock.adjust(1)
      assert.isDefined(refund.pollUnsafe())
      assert.strictEqual((yield* Fiber.join(refund))._tag, "RefundOutcomeUnknown")
      assert.deepStrictEqual((yield* simulator.ledger).map((entry) => DateTime.toEpochMillis(entry.at)), [0])
    }).pipe(simulated))
})

describe("a refund whose token fails", () => {
  const waiting: ReadonlyArray<Row> = [
    { name: "a refused connection", faults: [Fault.connectionRefused], outcome: "receipt", moved: 1, arrived: 1 },
    { name: "a lost connection", faults: [Fault.connectionLost(acted)], outcome: "receipt", moved: 1, arrived: 1 },
    { name: "a 503", faults: [Fault.answer(503)], outcome: "receipt", moved: 1, arrived: 1 },
    {
      name: "a 400",
      faults: [Fault.answer(400)],
      outcome: "FlexFactorUnauthorized",
      moved: 0,
      arrived: 0
    },
    {
      name: "a 200 as HTML",
      faults: [Fault.answer(200, { body: html })],
      outcome: "FlexFactorInvalidResponse",
      moved: 0,
      arrived: 0
    },
    {
      name: "connections that are lost until the retries are spent",
      faults: Array.from({ length: 4 }, () => Fault.connectionLost(idle)),
      outcome: "FlexFactorUnreachable: FlexFactor.token, sent no",
      moved: 0,
      arrived: 0
    },
    {
      name: "503s until the retries are spent",
      faults: Array.from({ length: 4 }, () => Fault.answer(503)),
      outcome: "FlexFactorServiceUnavailable",
      moved: 0,
      arrived: 0
    }
  ]
  it.effect.each(waiting)(
    "under $name: $outcome, and no money moves on a guess",
    ({ arrived, faults, moved, outcome }) =>
      Effect.gen(function*() {
        const seen = yield* refundUnder(faults, "FlexFactor.token")
        assert.deepStrictEqual({ outcome: seen.outcome, moved: seen.moved, arrived: seen.arrived }, {
          outcome,
          moved,
          arrived
        })
      }).pipe(simulated)
  )

  it.effect("in the first attempt, and does not come in the second before the deadline, was not sent", () =>
    Effect.gen(function*() {
      const seen = yield* refundUnder([Fault.answer(503), Fault.delayed("1 hour")], "FlexFactor.token")
      assert.strictEqual(seen.outcome, "FlexFactorTimeout: Orders.refund, sent no")
      assert.deepStrictEqual([seen.moved, seen.arrived], [0, 0])
    }).pipe(simulated))

  it.effect("by its deadline was not sent", () =>
    Effect.gen(function*() {
      const seen = yield* refundUnder([Fault.delayed("1 hour")], "FlexFactor.token")
      assert.include(seen.outcome, "FlexFactorTimeout")
      assert.include(seen.outcome, "sent no")
      assert.deepStrictEqual([seen.moved, seen.arrived], [0, 0])
    }).pipe(simulated))
})

describe("a fault", () => {
  it.effect("meets one request each, in order, of its own operation only", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* Orders
      yield* simulator.failNext("Orders.get", Fault.answer(403))
      yield* simulator.failNext("Orders.get", Fault.answer(405), Fault.answer(422))
      yield* orders.list()
      const errors = yield* Effect.forEach([id, id, id], (id) => Effect.flip(orders.get(id)))
      assert.deepStrictEqual(errors.map((error) => error._tag), [
        "FlexFactorForbidden",
        "FlexFactorMethodNotAllowed",
        "FlexFactorUnprocessableEntity"
      ])
      assert.strictEqual((yield* orders.get(id)).id, id)
    }).pipe(simulated))

  it.effect("that refuses the connection leaves no trace on the server", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      yield* refundUnder(Array.from({ length: 4 }, () => Fault.connectionRefused))
      assert.deepStrictEqual((yield* simulator.requests).map((request) => request.operation), ["FlexFactor.token"])
    }).pipe(simulated))

  const answers: ReadonlyArray<
    readonly [name: string, fault: Fault.Fault, contentType: string | undefined, body: string]
  > = [
    ["an object as JSON", Fault.answer(200, { body: { a: 1 } }), "application/json", "{\"a\":1}"],
    ["a text as HTML", Fault.answer(200, { body: "<p>" }), "text/html; charset=utf-8", "<p>"],
    ["nothing as nothing", Fault.answer(200), undefined, ""],
    [
      "a text as what the headers say",
      Fault.answer(200, { body: "{}", headers: { "content-type": "application/problem+json" } }),
      "application/problem+json",
      "{}"
    ],
    [
      "a text as what the headers say in any case",
      Fault.answer(200, { body: "{}", headers: { "Content-Type": "application/problem+json" } }),
      "application/problem+json",
      "{}"
    ],
    [
      "nothing as what the headers say in any case",
      Fault.answer(200, { headers: { "Content-Type": "application/json" } }),
      "application/json",
      ""
    ]
  ]
  it.effect.each(answers)("that answers sends %s", ([, fault, contentType, body]) =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const http = yield* HttpClient.HttpClient
      yield* simulator.failNext("Orders.list", fault)
      const response = yield* http.execute(HttpClientRequest.get("https://simulator.test/v1/orders"))
      assert.strictEqual(response.headers["content-type"], contentType)
      assert.strictEqual(yield* response.text, body)
    }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient())))

  it.effect.each(["stream", "text", "arrayBuffer"] as const)(
    "that truncates an answer does so however the body is read: %s",
    (way) =>
      Effect.gen(function*() {
        const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
        const http = yield* HttpClient.HttpClient
        yield* simulator.failNext("Orders.list", Fault.truncated)
        // Without a token: a 401 is empty, so the answer breaks at its beginning.
        const response = yield* http.execute(HttpClientRequest.get("https://simulator.test/v1/orders"))
        const read = {
          stream: Stream.runDrain(response.stream),
          text: Effect.asVoid(response.text),
          arrayBuffer: Effect.asVoid(response.arrayBuffer)
        }
        const error = yield* Effect.flip(read[way])
        assert.strictEqual(error.reason._tag, "DecodeError")
      }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient()))
  )

  it.effect("that is slow sends one byte at a time", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const http = yield* HttpClient.HttpClient
      yield* simulator.failNext("FlexFactor.token", Fault.slow("1 second"))
      const request = HttpClientRequest.post("https://simulator.test/v1/oauth2/token").pipe(
        HttpClientRequest.bodyJsonUnsafe({ AppKey: "wrong", AppSecret: "wrong" })
      )
      const response = yield* http.execute(request)
      const reading = yield* Effect.forkChild(response.text)
      yield* TestClock.adjust("10 seconds")
      assert.isUndefined(reading.pollUnsafe())
      yield* TestClock.adjust("1 hour")
      assert.include(yield* Fiber.join(reading), "The credentials are not valid.")
    }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient())))
})
