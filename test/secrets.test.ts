/**
 * No secret and no customer data shows in anything that a program prints, logs, traces, counts or clones: for every way
 * in which a call fails, every rendering of the failure is searched for planted sentinels in every encoding.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, Data, Effect, Exit, Fiber, Logger, Metric, Redacted, References, Tracer } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { inspect } from "node:util"
import {
  Cents,
  ExternalOrderId,
  FlexFactor,
  isOrdersError,
  OrderId,
  type Orders,
  type OrdersError
} from "../src/index.ts"
import { FlexFactorSimulator } from "../src/testing/index.ts"

// ---------------------------------------------------------------------------------------------------------------------
// Sentinels
// ---------------------------------------------------------------------------------------------------------------------

const appSecret = "Sentinel/App+Secret=="
const accessToken = "Sentinel.Access/Token+1=="
const freshToken = "Sentinel.Fresh/Token+2=="
const refreshToken = "Sentinel.Refresh/Token+3=="

const secrets = { appSecret, accessToken, freshToken, refreshToken }

const customer = {
  email: "sentinel.customer@example.com",
  name: "Sentinella Customer",
  phone: "+1 202 555 0173",
  card: "4929123456781236",
  freeText: "sentinel free text & more"
}

const forms = (text: string): ReadonlyArray<string> => [
  text,
  encodeURIComponent(text),
  new URLSearchParams({ _: text }).toString().slice(2),
  Buffer.from(text).toString("base64"),
  Buffer.from(text).toString("base64url"),
  Buffer.from(text).toString("hex")
]

const sentinels: ReadonlyArray<readonly [name: string, form: string]> = Object.entries({ ...secrets, ...customer })
  .flatMap(([name, text]) => [...new Set(forms(text))].map((form) => [name, form] as const))

const found = (text: string): ReadonlyArray<string> =>
  sentinels.filter(([, form]) => text.includes(form)).map(([name, form]) => `${name} as ${form}`)

const quoted = Object.values(customer).join(" | ")

// ---------------------------------------------------------------------------------------------------------------------
// Hostile answers
// ---------------------------------------------------------------------------------------------------------------------

type Reply = (
  request: HttpClientRequest.HttpClientRequest
) => Effect.Effect<HttpClientResponse.HttpClientResponse, HttpClientError.HttpClientError>

const respond =
  (status: number, body: string | object | undefined, headers: Record<string, string> = {}): Reply => (request) =>
    Effect.sync(() =>
      HttpClientResponse.fromWeb(
        request,
        new Response(typeof body === "object" ? JSON.stringify(body) : body ?? null, { status, headers })
      )
    )

const bodies: Readonly<Record<string, string | object>> = {
  "problem details": {
    status: 418,
    title: `Nobody like ${quoted}`,
    detail: quoted,
    message: `${quoted} ${accessToken}`,
    traceId: "00-0123456789abcdef0123456789abcdef-0123456789abcdef-01",
    errors: { [customer.email]: [quoted, accessToken], refundMessage: [customer.freeText] }
  },
  "a map of complaints": { [customer.name]: [quoted], RefundMessage: [accessToken], TraceId: ["trace-1"] },
  "an envelope": {
    success: false,
    status: "PENDING",
    responseCode: customer.card,
    responseMessage: quoted,
    errors: [{ item1: quoted, item2: customer.phone, item3: customer.email, item4: true }]
  },
  "a nested error": { error: { message: quoted, code: customer.email, detail: accessToken } },
  "HTML": `<html><head><title>${quoted}</title></head><body>Bearer ${accessToken} ${appSecret}</body></html>`,
  "text": `${quoted} Bearer ${accessToken}`
}

const failures = (request: HttpClientRequest.HttpClientRequest): ReadonlyArray<HttpClientError.HttpClientError> => {
  const authorization = `${request.headers["authorization"] ?? ""} ${accessToken} ${appSecret} ${quoted}`
  const cause = Object.assign(new Error(`cannot send ${authorization}`, { cause: new Error(authorization) }), {
    headers: request.headers,
    code: "ECONNRESET",
    url: `https://api.test/?query=${encodeURIComponent(customer.freeText)}`
  })
  return [
    new HttpClientError.TransportError({ request, cause, description: authorization }),
    new HttpClientError.TransportError({ request, cause: Object.assign(cause, { code: authorization }) }),
    new HttpClientError.TransportError({ request, cause: authorization }),
    new HttpClientError.EncodeError({ request, cause, description: authorization }),
    new HttpClientError.InvalidUrlError({ request, cause, description: authorization }),
    new HttpClientError.StatusCodeError({
      request,
      response: HttpClientResponse.fromWeb(request, new Response(authorization, { status: 500 })),
      description: authorization
    })
  ].map((reason) => new HttpClientError.HttpClientError({ reason }))
}

const transportFailure = (index: number): Reply => (request) =>
  Effect.flatMap(Effect.fromNullishOr(failures(request)[index]), Effect.fail).pipe(
    Effect.catchTag("NoSuchElementError", Effect.die)
  )

const silence: Reply = () => Effect.never

const okToken: Reply = respond(200, {
  accessToken,
  refreshToken,
  expires: 600_000,
  success: true,
  errors: []
})

// ---------------------------------------------------------------------------------------------------------------------
// Ways to fail
// ---------------------------------------------------------------------------------------------------------------------

const orderId = OrderId.make("00000000-0000-4000-8000-000000000001")

type Call = (orders: Orders["Service"]) => Effect.Effect<unknown, OrdersError.OrdersError>

const calls = {
  list: (orders) => orders.list({ query: customer.freeText }),
  get: (orders) => orders.get(orderId),
  refund: (orders) => orders.refund(orderId, { amount: Cents.make(1999), message: customer.freeText }),
  cancel: (orders) => orders.cancel(orderId),
  cancelByExternalId: (orders) => orders.cancelByExternalId(ExternalOrderId.make("order-1"))
} satisfies Readonly<Record<string, Call>>

interface Way {
  readonly name: string
  readonly call: Call
  readonly reply: Reply
  readonly token?: Reply
  readonly credentials?: FlexFactor.Credentials
  /** The tag of the failure; `undefined` where several are right. */
  readonly tag?: string
}

const keyPair: FlexFactor.Credentials = { appKey: "the-app-key", appSecret: Redacted.make(appSecret) }
const held: FlexFactor.Credentials = { accessToken: Redacted.make(accessToken) }

const statuses = [302, 400, 401, 403, 404, 405, 409, 418, 422, 429, 500, 502, 503, 504]

const byStatus: ReadonlyArray<Way> = statuses.flatMap((status) =>
  Object.entries(calls).flatMap(([callName, call]) =>
    Object.entries(bodies).map(([bodyName, body]): Way => ({
      name: `${callName} answered with ${status} and ${bodyName}`,
      call,
      reply: respond(status, body, { "retry-after": "1", "x-request-id": customer.email })
    }))
  )
)

const onlyBodies = Object.entries(bodies)

const otherWays: ReadonlyArray<Way> = [
  ...onlyBodies.map(([name, body]): Way => ({
    name: `refund with an unreadable success: ${name}`,
    call: calls.refund,
    reply: respond(200, body),
    tag: "RefundOutcomeUnknown"
  })),
  ...onlyBodies.map(([name, body]): Way => ({
    name: `cancel with an unreadable success: ${name}`,
    call: calls.cancel,
    reply: respond(200, body),
    tag: "FlexFactorInvalidResponse"
  })),
  ...onlyBodies.map(([name, body]): Way => ({
    name: `get with an unreadable success: ${name}`,
    call: calls.get,
    reply: respond(200, body, { "content-type": quoted }),
    tag: "FlexFactorInvalidResponse"
  })),
  {
    name: "an order whose id is not one",
    call: calls.get,
    reply: respond(200, { id: quoted, status: 7, firstName: customer.name }),
    tag: "FlexFactorInvalidResponse"
  },
  {
    name: "a page with an order whose id is not one",
    call: calls.list,
    reply: respond(200, { items: [{ id: `${customer.email}/..`, status: 7 }], [customer.name]: quoted }),
    tag: "FlexFactorInvalidResponse"
  },
  {
    name: "a rejected refund",
    call: calls.refund,
    reply: respond(200, {
      success: false,
      status: "FAILED",
      responseCode: "2001",
      responseMessage: `${quoted} ${accessToken}`,
      errors: [{ item1: quoted, item2: "2001" }]
    }),
    tag: "RefundRejected"
  },
  {
    name: "a refund that is answered with a contradiction",
    call: calls.refund,
    reply: respond(200, { success: true, status: "FAILED", responseMessage: quoted }),
    tag: "RefundOutcomeUnknown"
  },
  ...(["traceId", "TraceId", "code", "errorCode", "statusCode", "responseCode"].map((field): Way => ({
    name: `a card number where FlexFactor writes its ${field}`,
    call: calls.get,
    reply: respond(500, { title: "x", [field]: customer.card }),
    tag: "FlexFactorInternalServerError"
  }))),
  {
    name: "a rejected cancel",
    call: calls.cancel,
    reply: respond(200, { success: false, status: "FAILED", responseMessage: quoted }),
    tag: "CancelRejected"
  },
  { name: "a refund that times out", call: calls.refund, reply: silence, tag: "RefundOutcomeUnknown" },
  { name: "a list that times out", call: calls.list, reply: silence, tag: "FlexFactorTimeout" },
  { name: "a token that times out", call: calls.list, reply: silence, token: silence, tag: "FlexFactorTimeout" },
  {
    name: "real financial data in the query of a list",
    call: (orders) => orders.list({ query: `${customer.freeText} ${customer.card}` }),
    reply: silence,
    tag: "SandboxDataRefused"
  },
  {
    name: "real financial data in the note of a refund",
    call: (orders) => orders.refund(orderId, { amount: Cents.make(1), message: quoted }),
    reply: silence,
    tag: "SandboxDataRefused"
  },
  {
    name: "a query that breaks a rule",
    call: (orders) => orders.list({ query: `${customer.freeText}\u0000${customer.email}` }),
    reply: silence,
    tag: "FlexFactorInvalidRequest"
  },
  {
    name: "a note that breaks a rule",
    call: (orders) => orders.refund(orderId, { amount: Cents.make(1), message: quoted.repeat(20) }),
    reply: silence,
    tag: "FlexFactorInvalidRequest"
  },
  {
    name: "an id that is not one",
    call: (orders) => orders.get(`${customer.email}/${accessToken}` as OrderId),
    reply: silence,
    tag: "FlexFactorInvalidRequest"
  },
  {
    name: "an idempotency key that is not one",
    call: (orders) => orders.cancel(orderId, { idempotencyKey: quoted }),
    reply: silence,
    tag: "FlexFactorInvalidRequest"
  },
  ...statuses.map((status): Way => ({
    name: `a token request answered with ${status}`,
    call: calls.refund,
    reply: silence,
    token: respond(status, `${appSecret} ${quoted}`, { "retry-after": "1" })
  })),
  {
    name: "a token that does not fit a header",
    call: calls.refund,
    reply: silence,
    token: respond(200, { accessToken: `${accessToken}\r\n${appSecret}`, refreshToken }),
    tag: "FlexFactorInvalidResponse"
  },
  {
    name: "a token that is not text",
    call: calls.refund,
    reply: silence,
    token: respond(200, { accessToken: [accessToken], refreshToken }),
    tag: "FlexFactorInvalidResponse"
  },
  {
    name: "a token that comes as text",
    call: calls.refund,
    reply: silence,
    token: respond(200, accessToken),
    tag: "FlexFactorInvalidResponse"
  },
  {
    name: "a held token that FlexFactor refuses",
    call: calls.refund,
    reply: respond(401, `${accessToken} ${quoted}`),
    credentials: held,
    tag: "FlexFactorUnauthorized"
  },
  {
    name: "a held token that does not fit a header",
    call: calls.refund,
    reply: silence,
    credentials: { accessToken: Effect.succeed(Redacted.make(`${accessToken}\r\n${freshToken}`)) },
    tag: "FlexFactorInvalidRequest"
  },
  ...[0, 1, 2, 3, 4, 5].flatMap((index): ReadonlyArray<Way> => [
    { name: `a refund whose transport fails, #${index}`, call: calls.refund, reply: transportFailure(index) },
    { name: `a list whose transport fails, #${index}`, call: calls.list, reply: transportFailure(index) },
    {
      name: `a refund whose token's transport fails, #${index}`,
      call: calls.refund,
      reply: silence,
      token: transportFailure(index),
      tag: "FlexFactorUnreachable"
    },
    {
      name: `a held token whose transport fails, #${index}`,
      call: calls.get,
      reply: transportFailure(index),
      credentials: held,
      tag: "FlexFactorUnreachable"
    }
  ])
]

// ---------------------------------------------------------------------------------------------------------------------
// Sinks
// ---------------------------------------------------------------------------------------------------------------------

type Sink = readonly [name: string, text: string]

const shallow = { depth: null, maxStringLength: null, maxArrayLength: null } as const
const all = { ...shallow, showHidden: true, getters: false } as const

const cloned = (value: unknown): unknown => {
  try {
    return structuredClone(value)
  } catch (error) {
    return error
  }
}

const attempt = (render: () => unknown): string => {
  try {
    return String(render())
  } catch (error) {
    return String(error)
  }
}

/** Every way in which a program renders a failure that it caught. */
const renderError = (error: OrdersError.OrdersError): ReadonlyArray<Sink> => [
  ["String", String(error)],
  ["message", error.message],
  ["stack", error.stack ?? ""],
  ["JSON", attempt(() => JSON.stringify(error))],
  ["inspect", inspect(error, shallow)],
  ["inspect with hidden properties", inspect(error, all)],
  ["spread", attempt(() => JSON.stringify({ ...error }))],
  ["spread, inspected", inspect({ ...error }, all)],
  ["entries", attempt(() => JSON.stringify(Object.entries(error)))],
  ["own properties", inspect(Object.getOwnPropertyDescriptors(error), all)],
  ["structuredClone", inspect(cloned(error), all)],
  ["structuredClone of its fields", inspect(cloned({ ...error }), all)],
  ["as a cause", inspect(new Error("wrapped", { cause: error }), all)]
]

const renderExit = (exit: Exit.Exit<unknown, unknown>): ReadonlyArray<Sink> => [
  ["Exit as JSON", attempt(() => JSON.stringify(exit))],
  ["Exit as text", String(exit)],
  ["Exit, inspected", inspect(exit, all)],
  ...(Exit.isFailure(exit)
    ? [
      ["Cause, pretty", Cause.pretty(exit.cause)],
      ["Cause as JSON", attempt(() => JSON.stringify(exit.cause))],
      ["Cause as text", String(exit.cause)],
      ["Cause, inspected", inspect(exit.cause, all)],
      ["Cause, squashed", inspect(Cause.squash(exit.cause), all)]
    ] as const
    : [])
]

/** Loggers that keep what they would write. */
const capturingLogger = (lines: Array<Sink>): Logger.Logger<unknown, void> =>
  Logger.make((options) => {
    lines.push(
      ["log as JSON", Logger.formatJson.log(options)],
      ["log as logfmt", Logger.formatLogFmt.log(options)],
      ["log as text", Logger.formatSimple.log(options)],
      ["log as a structure", inspect(Logger.formatStructured.log(options), all)],
      ["log message", inspect(options.message, all)],
      ["log cause", inspect(options.cause, all)]
    )
  })

const renderSpan = (span: Tracer.NativeSpan): ReadonlyArray<Sink> => [
  ["span name", span.name],
  ["span attributes", inspect(span.attributes, all)],
  ["span events", inspect(span.events, all)],
  ["span status", inspect(span.status, all)],
  ["span links", inspect(span.links, all)]
]

/** Fails in one way, and collects every trace that it leaves anywhere. */
const traces = Effect.fnUntraced(function*(run: Effect.Effect<unknown, unknown>) {
  const lines: Array<Sink> = []
  const spans: Array<Tracer.NativeSpan> = []
  const tracer = Tracer.make({
    span(options) {
      const span = new Tracer.NativeSpan(options)
      spans.push(span)
      return span
    }
  })
  const fiber = yield* Effect.forkChild(
    Effect.gen(function*() {
      const exit = yield* Effect.exit(run)
      // What a program does with a failure that it does not understand.
      if (Exit.isFailure(exit)) {
        yield* Effect.logError("failed", exit.cause)
        yield* Effect.logError(exit.cause)
        yield* Effect.logError(Cause.squash(exit.cause))
        yield* Effect.log("failed").pipe(Effect.annotateLogs("error", Cause.squash(exit.cause)))
      }
      return { exit, metrics: [inspect(yield* Metric.snapshot, all), yield* Metric.dump] }
    }).pipe(
      Effect.withSpan("program"),
      Effect.withTracer(tracer),
      Effect.provide(Logger.layer([capturingLogger(lines), Logger.tracerLogger])),
      Effect.provideService(References.MinimumLogLevel, "All"),
      Effect.provideService(Metric.MetricRegistry, new Map())
    )
  )
  yield* TestClock.adjust("5 minutes")
  const { exit, metrics } = yield* Fiber.join(fiber)
  const error = Exit.isFailure(exit) ? Cause.squash(exit.cause) : undefined
  const sinks: ReadonlyArray<Sink> = [
    ...(isOrdersError(error) ? renderError(error) : []),
    ...renderExit(exit),
    ...lines,
    ...spans.flatMap(renderSpan),
    ...metrics.map((text) => ["metrics", text] as const)
  ]
  return { exit, error, sinks, spans, lines }
})

const leaks = (sinks: ReadonlyArray<Sink>): ReadonlyArray<string> =>
  sinks.flatMap(([name, text]) => found(text).map((leak) => `${name}: ${leak}`))

const failing = Effect.fnUntraced(function*({ call, credentials = keyPair, reply, token = okToken }: Way) {
  const seen = { token: 0, call: 0 }
  const http = HttpClient.make((request, url) => {
    const isToken = url.pathname.endsWith("/oauth2/token")
    seen[isToken ? "token" : "call"] += 1
    return isToken ? token(request) : reply(request)
  })
  const options: FlexFactor.Options = { environment: "sandbox", ...credentials }
  const orders = yield* FlexFactor.make(options).pipe(Effect.provideService(HttpClient.HttpClient, http))
  return yield* traces(call(orders))
})

// ---------------------------------------------------------------------------------------------------------------------

describe("a failure shows no secret and no customer data", () => {
  it.effect.each(otherWays)("by $name", (way) =>
    Effect.gen(function*() {
      const { error, lines, sinks, spans } = yield* failing(way)
      assert.isTrue(isOrdersError(error))
      if (way.tag !== undefined && isOrdersError(error)) assert.strictEqual(error._tag, way.tag)
      assert.isAtLeast(spans.length, 1)
      assert.isAtLeast(lines.length, 1)
      assert.deepStrictEqual(leaks(sinks), [])
    }))

  it.effect.each(statuses)("by any call that is answered with %s and any body", (status) =>
    Effect.gen(function*() {
      const ways = byStatus.filter(({ name }) => name.includes(` ${status} `))
      assert.strictEqual(ways.length, Object.keys(calls).length * onlyBodies.length)
      for (const way of ways) {
        const { error, sinks } = yield* failing(way)
        assert.isTrue(isOrdersError(error), way.name)
        assert.deepStrictEqual(leaks(sinks), [], way.name)
      }
    }))

  it.effect("by options that break a rule", () =>
    Effect.gen(function*() {
      const wrong: ReadonlyArray<object> = [
        { environment: "sandbox", appKey: "k", appSecret },
        { environment: "sandbox", accessToken },
        { environment: "sandbox", accessToken: Redacted.make(`${accessToken}\r\n${freshToken}`) },
        { environment: "sandbox", appKey: "", appSecret: Redacted.make(appSecret) },
        { environment: appSecret, ...keyPair },
        { environment: "sandbox", ...keyPair, baseUrl: `https://user:${appSecret}@own.test` },
        { environment: "sandbox", ...keyPair, baseUrl: `https://own.test/?key=${encodeURIComponent(appSecret)}` },
        { environment: "sandbox", ...keyPair, baseUrl: appSecret },
        { environment: "sandbox", ...keyPair, apiVersion: appSecret }
      ]
      for (const options of wrong) {
        const make = FlexFactor.make(options as FlexFactor.Options).pipe(
          Effect.provideService(HttpClient.HttpClient, HttpClient.make(silence))
        )
        const { exit, sinks } = yield* traces(make)
        assert.isTrue(Exit.isFailure(exit))
        assert.deepStrictEqual(leaks(sinks), [])
      }
    }))

  it.effect("by a key pair that the simulator does not know", () =>
    Effect.gen(function*() {
      const orders = yield* FlexFactor.make({ environment: "sandbox", ...keyPair })
      const { error, sinks } = yield* traces(orders.get(orderId))
      assert.isTrue(isOrdersError(error) && error._tag === "FlexFactorUnauthorized")
      assert.deepStrictEqual(leaks(sinks), [])
    }).pipe(Effect.provide(FlexFactorSimulator.layerHttpClient())))

  it.effect("by any call that the simulator refuses", () =>
    Effect.gen(function*() {
      const orders = yield* FlexFactor.make({ environment: "sandbox", ...keyPair })
      for (const call of [calls.get, calls.refund, calls.cancel, calls.cancelByExternalId]) {
        const { error, sinks } = yield* traces(call(orders))
        assert.isTrue(isOrdersError(error) && error._tag === "FlexFactorNotFound")
        assert.deepStrictEqual(leaks(sinks), [])
        assert.isFalse(sinks.some(([, text]) => text.includes("simulated-token")))
      }
    }).pipe(
      Effect.provide(FlexFactorSimulator.layerHttpClient({ keyPairs: [{ appKey: "the-app-key", appSecret }] }))
    ))
})

describe("a success shows no secret and no customer data", () => {
  it.effect("in spans, logs and metrics", () =>
    Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const orders = yield* FlexFactor.make({ environment: "sandbox", ...keyPair })
      yield* simulator.addOrder({ id: orderId, amount: Cents.make(5000), email: customer.email })
      // The exit of a span holds what the operation returned, as any tracer sees it: customer data is read on purpose.
      const { lines, spans } = yield* traces(
        Effect.all([orders.list({ query: customer.freeText }), orders.get(orderId), calls.refund(orders)])
      )
      const shown = spans.flatMap(renderSpan).filter(([name]) => name !== "span status")
      assert.deepStrictEqual(leaks([...lines, ...shown]), [])
      const secret = spans.flatMap(renderSpan).flatMap(([, text]) => found(text)).filter((leak) =>
        Object.keys(secrets).some((name) => leak.startsWith(name))
      )
      assert.deepStrictEqual(secret, [])
    }).pipe(
      Effect.provide(FlexFactorSimulator.layerHttpClient({ keyPairs: [{ appKey: "the-app-key", appSecret }] }))
    ))
})

describe("what FlexFactor wrote", () => {
  const way = (call: Call, body: object, status = 200): Way => ({ name: "", call, reply: respond(status, body) })

  it.effect("is read through the accessors of an error", () =>
    Effect.gen(function*() {
      const { error } = yield* failing(
        way(calls.get, { title: quoted, errors: { refundMessage: [customer.freeText] } }, 400)
      )
      assert.isTrue(isOrdersError(error) && error._tag === "FlexFactorBadRequest")
      if (!isOrdersError(error) || error._tag !== "FlexFactorBadRequest") return
      assert.strictEqual(error.detail, quoted)
      assert.deepStrictEqual(error.fieldErrors, { refundMessage: [customer.freeText] })
      assert.include(error.body, customer.email)
    }))

  it.effect("about a refund is read through reason and detail", () =>
    Effect.gen(function*() {
      const rejected = yield* failing(
        way(calls.refund, { success: false, status: "FAILED", responseMessage: quoted })
      )
      const unknown = yield* failing(way(calls.refund, { success: true, responseMessage: quoted }))
      assert.isTrue(
        isOrdersError(rejected.error) && rejected.error._tag === "RefundRejected"
          && rejected.error.reason === quoted
      )
      assert.isTrue(
        isOrdersError(unknown.error) && unknown.error._tag === "RefundOutcomeUnknown"
          && unknown.error.detail === quoted && unknown.error.body.includes(customer.email)
      )
    }))
})

class Leak extends Data.TaggedError("Leak")<{ readonly cause: Error }> {}

describe("the search", () => {
  it("finds every sentinel in every encoding", () => {
    for (const text of Object.values({ ...secrets, ...customer })) {
      for (const form of forms(text)) assert.isNotEmpty(found(`before ${form} after`))
    }
  })

  it.effect("finds what a program prints on purpose", () =>
    Effect.gen(function*() {
      const { sinks } = yield* traces(Effect.fail(new Leak({ cause: new Error(`Bearer ${accessToken}`) })))
      const names = new Set(leaks(sinks).map((leak) => leak.slice(0, leak.indexOf(":"))))
      for (const name of ["Cause, pretty", "log as JSON", "log as text", "span status", "Exit, inspected"]) {
        assert.isTrue(names.has(name), name)
      }
    }))
})
