/**
 * The main job, from start to end: list orders, read one, refund it, meet the answers that are not a success, cancel.
 *
 * It runs on the simulator, so it needs neither a network nor an account. Against FlexFactor itself only the layer in
 * the last lines differs: `FlexFactor.sandbox` or `FlexFactor.production` with a transport.
 *
 *   npm run demo
 */
import { Console, DateTime, Effect, Stream } from "effect"
import { Cents, Orders } from "effect-flexfactor"
import { Fault, FlexFactorSimulator } from "effect-flexfactor/testing"

const dollars = (cents: Cents) => `$${Cents.toDollars(cents)}`

const heading = (text: string) => Console.log(`\n${text}\n${"-".repeat(text.length)}`)

/** The orders as FlexFactor's books have them, which only a simulator can show. */
const showBooks = Effect.gen(function*() {
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
  const rows = (yield* simulator.orders).map((order) =>
    [
      order.id.slice(-4).padEnd(6),
      `${order.firstName} ${order.lastName}`.padEnd(14),
      DateTime.formatIsoDate(order.placedAt).padEnd(12),
      order.status.padEnd(12),
      dollars(order.amount).padStart(9),
      dollars(order.refunded).padStart(10)
    ].join("")
  )
  yield* Console.log(["order customer      placed      status        charged  refunded", ...rows].join("\n"))
})

const demo = Effect.gen(function*() {
  const orders = yield* Orders
  const simulator = yield* FlexFactorSimulator.FlexFactorSimulator

  yield* heading("The orders before")
  yield* showBooks

  yield* heading("1. List the completed orders, page by page")
  yield* orders.pages({ status: "Completed", pageSize: 3 }).pipe(
    Stream.runForEach((page) =>
      Console.log(
        `page ${page.pageNumber} of ${page.pageCount}: ${page.orders.map((order) => order.id.slice(-4)).join(", ")}`
      )
    )
  )

  yield* heading("2. Read the first of them")
  const { orders: [first] } = yield* orders.list({ status: "Completed", pageSize: 1 })
  if (first === undefined) return yield* Effect.die("the demo starts with completed orders")
  const order = yield* orders.get(first.id)
  yield* Console.log(`order ${order.id}\nstatus ${order.status}, in ${order.currencyCode}`)

  yield* heading("3. Refund $15.00 of it, then the rest")
  const part = yield* orders.refund(order.id, { amount: Cents.fromDollars("15.00"), message: "One item was damaged" })
  yield* Console.log(`refunded ${dollars(part.amount)}, confirmed by ${part.confirmedBy}`)
  const rest = yield* orders.refund(order.id, { amount: yield* simulator.refundable(order.id) })
  yield* Console.log(`refunded ${dollars(rest.amount)}, confirmed by ${rest.confirmedBy}`)

  yield* heading("4. Ask for one dollar more than was charged")
  yield* orders.refund(order.id, { amount: Cents.fromDollars("1.00") }).pipe(
    Effect.catchTag("RefundRejected", (error) => Console.log(`${error._tag}: code ${error.code}\n${error.reason}`))
  )

  yield* heading("5. Cancel an order that is still pending")
  const { orders: [pending] } = yield* orders.list({ status: "Processing", pageSize: 1 })
  if (pending === undefined) return yield* Effect.die("the demo starts with a pending order")
  yield* orders.cancel(pending.id)
  yield* Console.log(`order ${pending.id.slice(-4)} is now ${(yield* orders.get(pending.id)).status}`)

  yield* heading("6. Lose the answer to a refund")
  const { orders: [unlucky] } = yield* orders.list({ status: "Completed", pageSize: 1 })
  if (unlucky === undefined) return yield* Effect.die("the demo starts with more completed orders")
  yield* simulator.failNext("Orders.refund", Fault.connectionLost({ serverActs: true }))
  yield* orders.refund(unlucky.id, { amount: Cents.fromDollars("20.00") }).pipe(
    Effect.catchTag("RefundOutcomeUnknown", (error) =>
      Console.log(
        `${error._tag}: ${error.doubt}\n`
          + `Whether order ${error.orderId.slice(-4)} got its ${dollars(error.amount)} back is not known.\n`
          + "It is not sent again on a guess: that could refund it twice."
      ))
  )
  const sent = (yield* simulator.requests).filter((request) => request.path.includes(`${unlucky.id}/refund`))
  const moved = (yield* simulator.ledger).filter((entry) => entry.orderId === unlucky.id)
  yield* Console.log(
    `The books show: ${sent.length} request arrived, and ${
      moved.map((entry) => dollars(entry.amount)).join(", ")
    } moved.`
  )

  yield* heading("The orders after")
  yield* showBooks
})

const layer = FlexFactorSimulator.layer({
  orders: [
    { amount: Cents.fromDollars("49.90"), placedAt: "2026-03-02", firstName: "Ada", lastName: "Example" },
    { amount: Cents.fromDollars("120.00"), placedAt: "2026-03-03", firstName: "Ben", lastName: "Example" },
    { amount: Cents.fromDollars("15.00"), placedAt: "2026-03-04", firstName: "Cleo", lastName: "Example" },
    { amount: Cents.fromDollars("80.00"), placedAt: "2026-03-05", status: "Processing", lastName: "Example" },
    { amount: Cents.fromDollars("8.25"), placedAt: "2026-03-06", firstName: "Eve", lastName: "Example" },
    { amount: Cents.fromDollars("310.00"), placedAt: "2026-03-07", firstName: "Finn", lastName: "Example" }
  ]
})

await Effect.runPromise(Effect.provide(demo, layer))
