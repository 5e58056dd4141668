/**
 * What a backend sees of the library in its own tracing, logs and metrics.
 */
import { Effect, Logger, Metric } from "effect"
import { Cents, ExternalOrderId, OrderId, Orders, type OrdersError } from "../../src/index.ts"
import { type Fault, FlexFactorSimulator } from "../../src/testing/index.ts"
import { makeTracer, observedBy } from "../support/observed.ts"
import { whileTimePasses } from "../support/time.ts"

export const id = OrderId.make("00000000-0000-4000-8000-000000000001")
const pendingId = OrderId.make("00000000-0000-4000-8000-000000000002")
const pendingExternalId = ExternalOrderId.make("order-3")

interface LogLine {
  readonly level: string
  readonly message: unknown
  readonly annotations: Readonly<Record<string, unknown>>
}

/** Runs a program on a simulator, and shows what it left in spans, logs and metrics. */
export const observe = <A, E>(
  program: Effect.Effect<A, E, Orders | FlexFactorSimulator.FlexFactorSimulator>,
  tuning?: Parameters<typeof FlexFactorSimulator.layer>[1]
) =>
  Effect.gen(function*() {
    const { spans, tracer } = makeTracer()
    const lines: Array<LogLine> = []
    const logger = Logger.make((options) => {
      const { annotations, level, message } = Logger.formatStructured.log(options)
      lines.push({ level, message, annotations })
    })
    const running = Effect.gen(function*() {
      const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
      const exit = yield* Effect.exit(program)
      return { exit, metrics: yield* Metric.snapshot, requests: yield* simulator.requests }
    }).pipe(
      observedBy(tracer, [logger]),
      Effect.provide(FlexFactorSimulator.layer({
        orders: [
          { id, amount: Cents.make(5000) },
          { id: pendingId, amount: Cents.make(5000), status: "Processing" },
          { externalId: pendingExternalId, amount: Cents.make(5000), status: "Processing" }
        ]
      }, tuning))
    )
    const { exit, metrics, requests } = yield* whileTimePasses(running)
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

export const sandbox = { "flexfactor.environment": "sandbox" }
export const answered = { "http.response.status_code": 200, "flexfactor.attempt": 1 }

export const fails = (operation: OrdersError.Operation, ...faults: ReadonlyArray<Fault.Fault>) =>
  FlexFactorSimulator.FlexFactorSimulator.use((simulator) => simulator.failNext(operation, ...faults))

export const operations: ReadonlyArray<readonly [name: string, program: Program, attributes: object]> = [
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
