import { assert, describe, it } from "@effect/vitest"
import { Cause, Duration, Effect, Exit } from "effect"
import { HttpApiError } from "effect/http-api"
import { inspect } from "node:util"
import * as Library from "../src/index.ts"
import { Cents, OrderId, OrdersError } from "../src/index.ts"
import { type Answer, json, ordersAnsweredWith, type Run, tagged } from "./support/respond.ts"

const id = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")
const refund = { amount: Cents.make(100) }

const operations: ReadonlyArray<readonly [operation: OrdersError.Operation, run: Run]> = [
  ["Orders.get", (orders) => orders.get(id)],
  ["Orders.list", (orders) => orders.list()],
  ["Orders.cancel", (orders) => orders.cancel(id)]
]

const statuses = [
  [400, "FlexFactorBadRequest"],
  [401, "FlexFactorUnauthorized"],
  [403, "FlexFactorForbidden"],
  [404, "FlexFactorNotFound"],
  [405, "FlexFactorMethodNotAllowed"],
  [409, "FlexFactorConflict"],
  [422, "FlexFactorUnprocessableEntity"],
  [429, "FlexFactorTooManyRequests"],
  [500, "FlexFactorInternalServerError"],
  [502, "FlexFactorBadGateway"],
  [503, "FlexFactorServiceUnavailable"],
  [504, "FlexFactorGatewayTimeout"],
  [302, "FlexFactorUnexpectedStatus"],
  [418, "FlexFactorUnexpectedStatus"],
  [599, "FlexFactorUnexpectedStatus"]
] as const

/** The error of an answer to one operation; a defect fails the test. */
const errorOf = (run: Run, answer: Answer): Effect.Effect<OrdersError.OrdersError, unknown> =>
  Effect.flatMap(ordersAnsweredWith(answer), (orders) => Effect.flip(run(orders)))

const getErrorOf = (answer: Answer) => errorOf((orders) => orders.get(id), answer)

const badRequestOf = (answer: Answer) =>
  Effect.map(getErrorOf({ status: 400, ...answer }), (error) => tagged(error, "FlexFactorBadRequest"))

// ---------------------------------------------------------------------------------------------------------------------
// Statuses
// ---------------------------------------------------------------------------------------------------------------------

describe("the error of a status", () => {
  for (const [status, tag] of statuses) {
    for (const [operation, run] of operations) {
      it.effect(`is ${tag} where ${operation} is answered with ${status}`, () =>
        Effect.gen(function*() {
          const error = yield* errorOf(run, { status, headers: { "apigw-requestid": "Vt1=" } })
          assert.strictEqual(error._tag, tag)
          assert.strictEqual(error.operation, operation)
          assert.isTrue(OrdersError.isOrdersError(error))
          assert.instanceOf(error, Error)
          assert.strictEqual("status" in error ? error.status : undefined, status)
          assert.strictEqual(error.message, `${operation}: FlexFactor answered ${status} (request Vt1=)`)
        }))
    }
  }

  it.effect("is the class that byStatus shows for it", () =>
    Effect.forEach(
      Object.entries(OrdersError.byStatus),
      ([status, errorClass]) =>
        Effect.map(getErrorOf({ status: Number(status) }), (error) => assert.strictEqual(error.constructor, errorClass))
    ))

  for (const [status, tag] of [[429, "FlexFactorTooManyRequests"], [503, "FlexFactorServiceUnavailable"]] as const) {
    it.effect(`says how long to wait, on ${status}`, () =>
      Effect.gen(function*() {
        const told = tagged(yield* getErrorOf({ status, headers: { "retry-after": "7" } }), tag)
        assert.strictEqual(told.retryAfter && Duration.toMillis(told.retryAfter), 7000)
        const untold = tagged(yield* getErrorOf({ status }), tag)
        assert.isUndefined(untold.retryAfter)
        const odd = tagged(yield* getErrorOf({ status, headers: { "retry-after": "a while" } }), tag)
        assert.isUndefined(odd.retryAfter)
      }))
  }
})

// ---------------------------------------------------------------------------------------------------------------------
// Bodies
// ---------------------------------------------------------------------------------------------------------------------

const traceId = "00-64a5cf4492a4f17b5751dce5120fe708-631875e92558b83a-01"

interface Facts {
  readonly traceId?: string
  readonly code?: string
  readonly detail?: string
  readonly fieldErrors?: Readonly<Record<string, ReadonlyArray<string>>>
}

const utf16 = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(text.length * 2)
  for (let index = 0; index < text.length; index += 1) {
    bytes[index * 2] = text.charCodeAt(index) & 0xFF
    bytes[index * 2 + 1] = text.charCodeAt(index) >> 8
  }
  return bytes
}

const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

const envelope = {
  responseCode: "2001",
  responseMessage: "Amount to refund is too large",
  success: false,
  result: null,
  status: "ERROR",
  statusCode: null,
  errors: [{ item1: "Amount to refund is too large", item2: "2001", item3: "2001", item4: true }],
  customProperties: {}
}

const bodies: ReadonlyArray<readonly [name: string, answer: Answer, facts: Facts]> = [
  [
    "problem details",
    { body: json({ status: 400, title: "Invalid.", traceId, errors: { "a.b": ["x", "y"], c: [] } }) },
    { traceId, detail: "Invalid.", fieldErrors: { "a.b": ["x", "y"] } }
  ],
  [
    "problem details with a complaint that is no list",
    { body: json({ status: 400, title: "Invalid.", traceId: [traceId], errors: { a: "x", b: 7, c: ["y", 7, null] } }) },
    { traceId, detail: "Invalid.", fieldErrors: { a: ["x"], c: ["y"] } }
  ],
  [
    "a bare map of complaints",
    { body: json({ TraceId: [traceId], IdempotencyKey: ["is required."] }) },
    { traceId, fieldErrors: { IdempotencyKey: ["is required."] } }
  ],
  [
    "a map of complaints with a status of text",
    { body: json({ status: "400", errors: { OrderId: ["is required"], TraceId: [traceId] } }) },
    { traceId, fieldErrors: { OrderId: ["is required"] } }
  ],
  ["an envelope", { body: json(envelope) }, { code: "2001", detail: "Amount to refund is too large" }],
  [
    "an envelope with errors of text",
    { body: json({ success: false, status: "ERROR", errors: ["Too late", "Too much"], traceId }) },
    { traceId, detail: "Too late" }
  ],
  [
    "an envelope with its code among the errors alone",
    { body: json({ success: false, errors: [{ item1: "Too late", item2: "2002" }] }) },
    { code: "2002", detail: "Too late" }
  ],
  ["an envelope with errors that say nothing", { body: json({ success: false, errors: [{}, null, 7, []] }) }, {}],
  ["a message of the gateway", { body: json({ message: "Forbidden" }) }, { detail: "Forbidden" }],
  [
    "a code and a message within error",
    { body: json({ error: { code: "400123", message: "No such field", traceId } }) },
    { code: "400123", detail: "No such field", traceId }
  ],
  ["an error of text", { body: json({ error: "invalid_request" }) }, { detail: "invalid_request" }],
  ["a six-digit code as a number", { body: json({ statusCode: 400123 }) }, { code: "400123" }],
  ["an HTTP status, which is no code", { body: json({ status: 400, statusCode: "400" }) }, {}],
  [
    "an HTML page",
    { body: "<html><head><title> 502 Bad Gateway </title></head></html>", headers: { "content-type": "text/html" } },
    { detail: "502 Bad Gateway" }
  ],
  ["an HTML page without a title", { body: "<html>", headers: { "content-type": "text/html" } }, {}],
  ["plain text", { body: "upstream connect error", headers: { "content-type": "text/plain" } }, {}],
  ["nothing", { body: "" }, {}],
  ["a blank", { body: " \r\n" }, {}],
  ["truncated JSON", { body: json(envelope).slice(0, -20) }, {}],
  ["a JSON list", { body: json([envelope]) }, {}],
  ["a JSON number", { body: "7" }, {}],
  ["a JSON text", { body: "\"Forbidden\"" }, {}],
  ["a JSON null", { body: "null" }, {}],
  ["an empty object", { body: "{}" }, {}],
  [
    "UTF-16 that says so",
    {
      body: utf16(json({ title: "Ung\u00FCltig", traceId })),
      headers: { "content-type": "application/json; charset=utf-16le" }
    },
    { traceId, detail: "Ung\u00FCltig" }
  ],
  [
    "UTF-16 that claims to be UTF-8",
    {
      body: utf16(json({ title: "Invalid", traceId })),
      headers: { "content-type": "application/json; charset=utf-8" }
    },
    {}
  ],
  [
    "UTF-8 that claims to be UTF-16",
    { body: json({ title: "Invalid", traceId }), headers: { "content-type": "application/json; charset=utf-16" } },
    {}
  ],
  [
    "Latin-1 that says so",
    {
      body: latin1(json({ title: "Ung\u00FCltig", traceId })),
      headers: { "content-type": "application/json; charset=iso-8859-1" }
    },
    { traceId, detail: "Ung\u00FCltig" }
  ],
  [
    "Latin-1 that claims to be UTF-8",
    {
      body: latin1(json({ title: "Ung\u00FCltig", traceId })),
      headers: { "content-type": "application/json; charset=utf-8" }
    },
    { traceId, detail: "Ung\uFFFDltig" }
  ],
  [
    "an unknown charset",
    { body: json({ title: "Invalid", traceId }), headers: { "content-type": "application/json; charset=klingon" } },
    { traceId, detail: "Invalid" }
  ],
  [
    "a charset in quotation marks",
    { body: json({ title: "Invalid" }), headers: { "content-type": "application/json; charset=\"UTF-8\"" } },
    { detail: "Invalid" }
  ],
  ["no content type", { body: json({ title: "Invalid" }), headers: { "content-type": "" } }, { detail: "Invalid" }],
  ["a byte order mark", { body: `\uFEFF${json({ title: "Invalid", traceId })}` }, { traceId, detail: "Invalid" }],
  ["10 MB of HTML", { body: `<title>Large</title>${"x".repeat(10_000_000)}` }, { detail: "Large" }],
  ["10 MB of JSON", { body: json({ title: "Large", pad: "x".repeat(10_000_000) }) }, {}],
  [
    "keys that name parts of every object",
    { body: "{\"title\":\"Odd\",\"errors\":{\"__proto__\":[\"x\"],\"constructor\":[\"y\"]}}" },
    {
      detail: "Odd",
      fieldErrors: JSON.parse("{\"__proto__\":[\"x\"],\"constructor\":[\"y\"]}") as Facts["fieldErrors"] & {}
    }
  ],
  ["100000 nested lists", { body: `{"title":"Deep","errors":${"[".repeat(100_000)}${"]".repeat(100_000)}}` }, {
    detail: "Deep"
  }]
]

describe("the body of an error", () => {
  for (const [name, answer, facts] of bodies) {
    it.effect(`may be ${name}`, () =>
      Effect.gen(function*() {
        const error = yield* badRequestOf(answer)
        assert.strictEqual(error.traceId, facts.traceId)
        assert.strictEqual(error.code, facts.code)
        assert.strictEqual(error.detail, facts.detail)
        assert.deepStrictEqual(error.fieldErrors, facts.fieldErrors)
        assert.isAtMost(error.body.length, 2048)
      }))
  }

  // Every status, so that no shape turns one error into another or into a defect.
  for (const [operation, run] of operations) {
    it.effect(`does not change the error of a status, whatever its shape, for ${operation}`, () =>
      Effect.gen(function*() {
        for (const [status, tag] of statuses) {
          for (const [name, answer] of bodies) {
            if (typeof answer.body === "string" && answer.body.length > 1_000_000) continue
            const error = yield* errorOf(run, { ...answer, status })
            assert.strictEqual(error._tag, tag, `${status} with ${name}`)
          }
        }
      }))
  }

  it.effect("may break off in the middle of a character", () =>
    Effect.gen(function*() {
      const bytes = new TextEncoder().encode("{\"title\":\"\u{1F642}")
      const error = yield* badRequestOf({ body: bytes.slice(0, -2) })
      assert.isUndefined(error.detail)
      assert.include(error.body, "title")
    }))

  it.effect("is kept in its first 2048 characters", () =>
    Effect.gen(function*() {
      const body = "<p>" + "x".repeat(5000)
      assert.strictEqual((yield* badRequestOf({ body })).body, body.slice(0, 2048))
    }))

  it.effect("of a refused cancel is CancelRejected, whatever its status", () =>
    Effect.gen(function*() {
      for (const status of [200, 400, 409, 422, 500]) {
        const body = json({ ...envelope, status: "FAILED" })
        const error = tagged(yield* errorOf((orders) => orders.cancel(id), { status, body }), "CancelRejected")
        assert.strictEqual(error.status, status)
        assert.strictEqual(error.code, "2001")
        assert.strictEqual(error.reason, "Amount to refund is too large")
      }
    }))
})

describe("the body of a success", () => {
  const unreadable: ReadonlyArray<readonly [name: string, answer: Answer, issue: RegExp]> = [
    ["an HTML page", { body: "<html>", headers: { "content-type": "text/html" } }, /not JSON/],
    ["nothing", { body: "" }, /empty/],
    ["truncated JSON", { body: "{\"id\":\"1\",\"sta" }, /not JSON/],
    ["a JSON null", { body: "null" }, /Expected/],
    ["a JSON number", { body: "7" }, /Expected/],
    ["another object", { body: "{\"message\":\"customer@example.com\"}" }, /Missing key|Expected|array of orders/],
    ["too long a body", { body: json({ pad: "x".repeat(17 * 1024 * 1024) }) }, /maxResponseBytes/]
  ]
  for (const [name, answer, issue] of unreadable) {
    for (const [operation, run] of operations.filter(([operation]) => operation !== "Orders.cancel")) {
      it.effect(`that is ${name} fails ${operation} with FlexFactorInvalidResponse, and says what is wrong`, () =>
        Effect.gen(function*() {
          const error = tagged(yield* errorOf(run, answer), "FlexFactorInvalidResponse")
          assert.strictEqual(error.status, 200)
          assert.match(error.issue, issue)
          assert.notInclude(inspect(error), "customer@example.com")
        }))
    }
  }

  it.effect("that is an unclear answer fails a cancel with FlexFactorInvalidResponse", () =>
    Effect.gen(function*() {
      for (const body of ["OK", "null", "[]", "{\"success\":true}", "{\"success\":false}", "<html>"]) {
        tagged(yield* errorOf((orders) => orders.cancel(id), { body }), "FlexFactorInvalidResponse")
      }
    }))
})

// ---------------------------------------------------------------------------------------------------------------------
// Codes
// ---------------------------------------------------------------------------------------------------------------------

describe("the code of an error", () => {
  for (
    const [code, parts] of [
      ["401007", { http: 401, detail: "007" }],
      ["400123", { http: 400, detail: "123" }],
      ["599999", { http: 599, detail: "999" }],
      ["600001", undefined],
      ["099001", undefined],
      ["2001", undefined],
      ["40100", undefined],
      ["A01007", undefined]
    ] as const
  ) {
    it.effect(`${code} ${parts === undefined ? "has no parts" : `is ${parts.http} and ${parts.detail}`}`, () =>
      Effect.gen(function*() {
        const error = yield* badRequestOf({ body: json({ responseCode: code }) })
        assert.strictEqual(error.code, code)
        assert.deepStrictEqual(error.codeParts, parts)
        assert.include(error.message, `code ${code}`)
      }))
  }

  it.effect("is split on a rejected refund too", () =>
    Effect.gen(function*() {
      const body = json({ success: false, status: "FAILED", responseCode: "422001" })
      const error = tagged(yield* errorOf((orders) => orders.refund(id, refund), { body }), "RefundRejected")
      assert.deepStrictEqual(error.codeParts, { http: 422, detail: "001" })
    }))

  for (
    const value of [
      "4539148803436467",
      4539148803436467,
      "4539-1488-0343-6467",
      "4539.1488.0343.6467",
      "DE89370400440532013000",
      "123-45-6789",
      "12025550100",
      "202-555-0100",
      "customer@example.com",
      "Test Customer",
      "The card 4539 was declined",
      "a".repeat(200),
      "a\r\nb",
      "",
      " ",
      null,
      true,
      ["4539148803436467"],
      { item: "4539148803436467" }
    ]
  ) {
    it.effect(`is not ${JSON.stringify(value).slice(0, 40)}, which could be somebody's data`, () =>
      Effect.gen(function*() {
        for (
          const body of [
            { responseCode: value },
            { code: value },
            { errorCode: value },
            { statusCode: value },
            { status: value },
            { errors: [{ item1: "x", item2: value }] },
            { error: { code: value } }
          ]
        ) {
          const error = yield* badRequestOf({ body: json(body) })
          assert.isUndefined(error.code, Object.keys(body).join())
          assert.strictEqual(error.message, "Orders.get: FlexFactor answered 400")
        }
      }))
  }
})

describe("the trace id of an error", () => {
  for (
    const value of [
      "4539148803436467",
      "4539-1488-0343-6467",
      "customer@example.com",
      "a trace with spaces",
      "a\r\nb",
      { a: 1 },
      []
    ]
  ) {
    it.effect(`is not ${JSON.stringify(value)}, which could be somebody's data`, () =>
      Effect.gen(function*() {
        for (const body of [{ traceId: value }, { TraceId: [value] }, { errors: { TraceId: value } }]) {
          const error = yield* badRequestOf({ body: json(body) })
          assert.isUndefined(error.traceId)
          assert.strictEqual(error.message, "Orders.get: FlexFactor answered 400")
        }
      }))
  }
})

describe("what FlexFactor writes", () => {
  it.effect("is in no rendering of the error", () =>
    Effect.gen(function*() {
      const words = "Customer Secret"
      const body = json({ title: words, errors: { [words]: [words] }, responseMessage: words, responseCode: words })
      const runs: ReadonlyArray<Run> = [...operations.map(([, run]) => run), (orders) => orders.refund(id, refund)]
      for (const run of runs) {
        for (const status of [400, 418, 500]) {
          const error = yield* errorOf(run, { status, body })
          const renderings = [
            String(error),
            error.message,
            error.stack ?? "",
            inspect(error, { depth: 10, showHidden: false }),
            JSON.stringify(error),
            Cause.pretty(Cause.fail(error)),
            JSON.stringify(Exit.fail(error)),
            inspect(structuredCloneOf(error), { depth: 10 })
          ]
          for (const rendering of renderings) assert.notInclude(rendering, words)
        }
      }
    }))
})

/** What crosses to another thread; an error that cannot be cloned crosses as nothing. */
const structuredCloneOf = (error: unknown): unknown => {
  try {
    return structuredClone(error)
  } catch {
    return undefined
  }
}

// ---------------------------------------------------------------------------------------------------------------------
// Predicates and names
// ---------------------------------------------------------------------------------------------------------------------

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
    yield* errorOf((orders) => orders.refund(id, refund), { body: json({ success: false, status: "FAILED" }) }),
    yield* errorOf((orders) => orders.refund(id, refund), { status: 500 }),
    yield* errorOf((orders) => orders.cancel(id), { body: json({ success: false, status: "FAILED" }) }),
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
