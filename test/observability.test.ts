/**
 * What a backend sees of the library in its own tracing, logs and metrics: one span for each operation, one log line and
 * one count for each retry, and nothing else.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Fiber, Logger, Metric, Option, References, Stream, Tracer } from "effect"
import { TestClock } from "effect/testing"
import { Cents, ExternalOrderId, OrderId, Orders, type OrdersError } from "../src/index.ts"
import { Fault, FlexFactorSimulator } from "../src/testing/index.ts"

const id = OrderId.make("00000000-0000-4000-8000-000000000001")
const pendingId = OrderId.make("00000000-0000-4000-8000-000000000002")
const pendingExternalId = ExternalOrderId.make("order-3")

interface LogLine {
  readonly level: string
  readonly message: unknown
  readonly annotations: Readonly<Record<string, unknown>>
}

/** Runs a program on a simulator, and shows what it left in spans, logs and metrics. */
const observe = <A, E>(
  program: Effect.Effect<A, E, Orders | FlexFactorSimulator.FlexFactorSimulator>,
  tuning?: Parameters<typeof FlexFactorSimulator.layer>[1]
) =>
  Effect.gen(function*() {
    const spans: Array<Tracer.NativeSpan> = []
    const lines: Array<LogLine> = []
    const tracer = Tracer.make({
      span(options) {
        const span = new Tracer.NativeSpan(options)
        spans.push(span)
        return span
      }
    })
    const logger = Logger.make((options) => {
      const { annotations, level, message } = Logger.formatStructured.log(options)
      lines.push({ level, message, annotations })
    })
    const running = Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const exit = yield* Effect.exit(program)
      return { exit, metrics: yield* Metric.snapshot, requests: yield* simulator.requests }
    }).pipe(
      Effect.withTracer(tracer),
      Effect.provide(Logger.layer([logger])),
      Effect.provideService(References.MinimumLogLevel, "All"),
      Effect.provideService(Metric.MetricRegistry, new Map()),
      Effect.provide(FlexFactorSimulator.layer({
        orders: [
          { id, amount: Cents.make(5000) },
          { id: pendingId, amount: Cents.make(5000), status: "Processing" },
          { externalId: pendingExternalId, amount: Cents.make(5000), status: "Processing" }
        ]
      }, tuning))
    )
    const fiber = yield* Effect.forkChild(running)
    yield* TestClock.adjust("10 minutes")
    const { exit, metrics, requests } = yield* Fiber.join(fiber)
    // The simulator is a server: its own spans are not the library's.
    const client = spans.filter((span) => span.kind === "client")
    return {
      exit,
      spans: client,
      shown: client.map((span) => ({
        name: span.name,
        attributes: Object.fromEntries([...span.attributes].filter(([name]) => name !== "http.route"))
      })),
      lines,
      metrics: metrics.map(({ attributes, id, state }) => ({ id, attributes, state })),
      requests
    }
  })

type Program = Effect.Effect<unknown, OrdersError.OrdersError, Orders | FlexFactorSimulator.FlexFactorSimulator>

const sandbox = { "flexfactor.environment": "sandbox" }
const answered = { "http.response.status_code": 200, "flexfactor.attempt": 1 }

const fails = (operation: OrdersError.Operation, ...faults: ReadonlyArray<Fault.Fault>) =>
  FlexFactorSimulator.FlexFactorSimulator.use((simulator) => simulator.failNext(operation, ...faults))

const operations: ReadonlyArray<readonly [name: string, program: Program, attributes: object]> = [
  [
    "Orders.list",
    Orders.use((orders) => orders.list({ query: "ada@example.com", pageSize: 5 })),
    { ...sandbox, ...answered }
  ],
  ["Orders.get", Orders.use((orders) => orders.get(id)), { ...sandbox, ...answered, "flexfactor.order_id": id }],
  [
    "Orders.refund",
    Orders.use((orders) => orders.refund(id, { amount: Cents.make(100), message: "late" })),
    { ...sandbox, ...answered, "flexfactor.order_id": id }
  ],
  [
    "Orders.cancel",
    Orders.use((orders) => orders.cancel(pendingId)),
    { ...sandbox, ...answered, "flexfactor.order_id": pendingId }
  ],
  [
    "Orders.cancelByExternalId",
    Orders.use((orders) => orders.cancelByExternalId(pendingExternalId)),
    { ...sandbox, ...answered }
  ]
]

describe("an operation", () => {
  it.effect.each(operations)("is one client span: %s", ([name, program, attributes]) =>
    Effect.gen(function*() {
      const { exit, shown } = yield* observe(program)
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual<unknown>(shown, [{ name, attributes }])
    }))

  it.effect.each(operations)("that succeeds logs and counts nothing: %s", ([, program]) =>
    Effect.gen(function*() {
      const { lines, metrics } = yield* observe(program)
      assert.deepStrictEqual(lines, [])
      assert.deepStrictEqual(metrics, [])
    }))

  it.effect.each(operations)("sends no trace headers to FlexFactor: %s", ([, program]) =>
    Effect.gen(function*() {
      const { requests } = yield* observe(Effect.withSpan(program, "backend"))
      assert.isAtLeast(requests.length, 2)
      for (const { headers } of requests) assert.doesNotHaveAnyKeys(headers, ["traceparent", "tracestate", "b3"])
    }))

  it.effect("carries no mark of the simulator: its span is the one that production shows", () =>
    Effect.gen(function*() {
      const { spans } = yield* observe(Orders.use((orders) => orders.get(id)))
      assert.notInclude(spans.flatMap((span) => [...span.attributes.keys()]), "http.route")
    }))

  it.effect("is a child of the span of the backend", () =>
    Effect.gen(function*() {
      const { spans } = yield* observe(
        Orders.use((orders) => orders.get(id)).pipe(Effect.withSpan("backend", { kind: "client" }))
      )
      const [backend, get] = spans
      assert.strictEqual(backend?.name, "backend")
      assert.strictEqual(get === undefined ? undefined : Option.getOrUndefined(get.parent)?.spanId, backend?.spanId)
    }))

  it.effect("holds no URL and no query, also where the list is streamed", () =>
    Effect.gen(function*() {
      const { shown, spans } = yield* observe(
        Orders.use((orders) => Stream.runDrain(orders.stream({ query: "example.com", pageSize: 2 })))
      )
      assert.deepStrictEqual(shown.map((span) => span.name), ["Orders.list", "Orders.list"])
      for (const span of spans) {
        assert.isFalse([...span.attributes.keys()].some((name) => /url|query|header|body/i.test(name)))
        assert.isFalse([...span.attributes.values()].some((value) => String(value).includes("example.com")))
        assert.deepStrictEqual(span.events, [])
      }
    }))

  it.effect("that fails ends its span with the error and the status of the answer", () =>
    Effect.gen(function*() {
      const { exit, shown, spans } = yield* observe(
        Orders.use((orders) => orders.refund(id, { amount: Cents.make(5001) }))
      )
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(shown[0]?.attributes, { ...sandbox, ...answered, "flexfactor.order_id": id })
      const status = spans[0]?.status
      assert.isTrue(status?._tag === "Ended" && Exit.isFailure(status.exit))
    }))

  it.effect("that is refused before it is sent says neither status nor attempt", () =>
    Effect.gen(function*() {
      const { requests, shown } = yield* observe(
        Orders.use((orders) => orders.refund(id, { amount: Cents.make(0) }))
      )
      assert.deepStrictEqual(shown.map((span) => span.attributes), [sandbox])
      assert.deepStrictEqual(requests, [])
    }))
})

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

describe("a retry", () => {
  it.effect("is one warning that says what is repeated, why, how often and when", () =>
    Effect.gen(function*() {
      const busy = Fault.answer(429, { headers: { "retry-after": "2" } })
      const { lines } = yield* observe(
        Effect.andThen(
          fails("Orders.get", busy, Fault.answer(503, { headers: { "retry-after": "3" } })),
          Orders.use((orders) => orders.get(id))
        )
      )
      assert.deepStrictEqual(lines, [
        {
          level: "WARN",
          message: "FlexFactor request will be repeated",
          annotations: { operation: "Orders.get", reason: "FlexFactorTooManyRequests", attempt: 1, delay: "2s" }
        },
        {
          level: "WARN",
          message: "FlexFactor request will be repeated",
          annotations: { operation: "Orders.get", reason: "FlexFactorServiceUnavailable", attempt: 2, delay: "3s" }
        }
      ])
    }))

  it.effect("is counted by operation and reason", () =>
    Effect.gen(function*() {
      const { metrics } = yield* observe(Effect.gen(function*() {
        const orders = yield* Orders
        yield* fails("Orders.get", Fault.answer(503), Fault.answer(503), Fault.answer(502))
        yield* orders.get(id)
        yield* fails("Orders.refund", Fault.connectionRefused)
        yield* orders.refund(id, { amount: Cents.make(100) })
        yield* fails("Orders.list", Fault.answer(503))
        yield* orders.list()
      }))
      const counted = metrics.map(({ attributes, id, state }) => ({
        id,
        attributes,
        count: "count" in state ? state.count : undefined
      }))
      assert.sameDeepMembers(counted, [
        {
          id: "flexfactor_retries",
          attributes: { operation: "Orders.get", reason: "FlexFactorServiceUnavailable" },
          count: 2
        },
        { id: "flexfactor_retries", attributes: { operation: "Orders.get", reason: "FlexFactorBadGateway" }, count: 1 },
        {
          id: "flexfactor_retries",
          attributes: { operation: "Orders.refund", reason: "FlexFactorUnreachable" },
          count: 1
        },
        {
          id: "flexfactor_retries",
          attributes: { operation: "Orders.list", reason: "FlexFactorServiceUnavailable" },
          count: 1
        }
      ])
    }))

  it.effect("that fails for good is logged and counted as often as it was repeated", () =>
    Effect.gen(function*() {
      const { exit, lines, metrics } = yield* observe(
        Effect.andThen(
          fails("Orders.get", ...Array.from({ length: 9 }, () => Fault.answer(503))),
          Orders.use((orders) => orders.get(id))
        )
      )
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(lines.map((line) => line.annotations["attempt"]), [1, 2, 3])
      assert.deepStrictEqual(metrics.map(({ state }) => "count" in state ? state.count : undefined), [3])
    }))

  it.effect("that is not made, because the deadline would pass first, is neither logged nor counted", () =>
    Effect.gen(function*() {
      const { lines, metrics } = yield* observe(
        Effect.andThen(
          fails("Orders.get", Fault.answer(503, { headers: { "retry-after": "31" } })),
          Orders.use((orders) => orders.get(id))
        )
      )
      assert.deepStrictEqual(lines, [])
      assert.deepStrictEqual(metrics, [])
    }))
})
