/**
 * `Refunds` on a simulator: one order of 50.00, which shows its totals unless a test says otherwise.
 */
import { Effect, Fiber, Layer, Result } from "effect"
import { TestClock } from "effect/testing"
import {
  Cents,
  OrderId,
  RefundEvidence,
  RefundJournal,
  RefundKey,
  type RefundOrCancelError,
  type RefundOutcomeUnknown,
  type RefundReceipt,
  Refunds,
  type RefundsStopped,
  type ResolveError,
  type SettleError
} from "../../src/index.ts"
import { type Fault, FlexFactorSimulator } from "../../src/testing/index.ts"

export const id = OrderId.make("00000000-0000-4000-8000-000000000001")
export const price = 5000
export const cents = (amount: number): Cents => Cents.make(amount)
export const keyOf = (name: string): RefundKey => RefundKey.make(name)
export const key = keyOf("ticket-1")
export const otherKey = keyOf("ticket-2")

/** Under which names the order shows its money, and where the evidence looks for it. */
export const totals = { charged: "amount", refunded: "amountRefunded" } as const

export interface SetUp {
  readonly simulator?: Parameters<typeof FlexFactorSimulator.layer>[0]
  readonly tuning?: Parameters<typeof FlexFactorSimulator.layer>[1]
  readonly policy?: Refunds.RefundPolicy
  /** `"none"`: the evidence is the order's status alone. */
  readonly totals?: RefundEvidence.OrderTotals | "none"
  readonly journal?: Layer.Layer<RefundJournal.RefundJournal>
}

const layer = ({ journal, policy, simulator, totals: shown = totals, tuning }: SetUp) =>
  Refunds.layer(policy).pipe(
    Layer.orDie,
    Layer.provideMerge([
      journal ?? RefundJournal.layerMemory,
      RefundEvidence.fromOrder(shown === "none" ? {} : shown)
    ]),
    Layer.provideMerge(
      FlexFactorSimulator.layer({ orders: [{ id, amount: cents(price) }], totals, ...simulator }, tuning)
    )
  )

/** Runs a test at a desk of its own. */
export const atDesk = (options: SetUp = {}) => Effect.provide(layer(options))

/** `Refunds` in a second process, with the same FlexFactor and the same journal. */
export const anotherWorker = (policy?: Refunds.RefundPolicy) => Effect.orDie(Refunds.make(policy))

const simulator = FlexFactorSimulator.FlexFactorSimulator

/** What the next refunds meet, one fault each. */
export const failNext = (...faults: ReadonlyArray<Fault.Fault>) =>
  simulator.use((simulator) => simulator.failNext("Orders.refund", ...faults))

/** What the next readings of an order meet. */
export const failReading = (...faults: ReadonlyArray<Fault.Fault>) =>
  simulator.use((simulator) => simulator.failNext("Orders.get", ...faults))

export const refundInPortal = (amount: number, options?: FlexFactorSimulator.PortalOptions) =>
  simulator.use((simulator) => simulator.refundInPortal(id, cents(amount), options))

/** The amounts that moved, in order. */
export const moved = simulator.use(({ ledger }) =>
  Effect.map(ledger, (movements) => movements.map(({ amount }): number => amount))
)

const countOf = (operation: string) =>
  simulator.use(({ requests }) =>
    Effect.map(requests, (requests) => requests.filter((request) => request.operation === operation).length)
  )

/** How many refunds arrived. */
export const posts = countOf("Orders.refund")

/** How many cancels arrived. */
export const cancels = countOf("Orders.cancel")

/** How many readings of an order arrived. */
export const readings = countOf("Orders.get")

/** Lets everything go on that does not wait for the clock. */
export const untilIdle = Effect.promise(async () => {
  for (let turn = 0; turn < 4; turn++) await new Promise<void>((resolve) => setImmediate(resolve))
})

/** Moves the clock on, a second at a time, so that nobody is overtaken by it. */
export const pass = Effect.fnUntraced(function*(seconds: number) {
  yield* untilIdle
  for (let second = 0; second < seconds; second++) {
    yield* TestClock.adjust("1 second")
    yield* untilIdle
  }
})

/** Runs an effect while the clock moves on, for an hour at most. */
export const inTime = Effect.fnUntraced(function*<A, E, R>(effect: Effect.Effect<A, E, R>): Effect.fn.Return<A, E, R> {
  const fiber = yield* Effect.forkChild(Effect.exit(effect))
  yield* untilIdle
  for (let second = 0; fiber.pollUnsafe() === undefined && second < 3600; second++) yield* pass(1)
  if (fiber.pollUnsafe() === undefined) return yield* Effect.die(new Error("it did not end within an hour"))
  return yield* yield* Fiber.join(fiber)
})

export type Failure = RefundOrCancelError | ResolveError | SettleError | RefundsStopped

export type Outcome = Result.Result<RefundReceipt, Failure>

const describeError = (error: Failure): string => {
  switch (error._tag) {
    case "RefundOutcomeUnknown":
      return `in doubt: ${error.doubt}`
    case "RefundRejected":
      return `rejected ${error.code}`
    case "RefundNotApplied":
      return `not applied, by ${error.confirmedBy}`
    case "RefundKeyReused":
      return `${error._tag}: ${error.field}`
    case "RefundBlocked":
      return `${error._tag} by ${error.blockedBy}`
    default:
      return error._tag
  }
}

/** What became of a refund, in words. */
export const inWords = (outcome: Outcome): string =>
  Result.match(outcome, { onSuccess: ({ confirmedBy }) => `refunded, by ${confirmedBy}`, onFailure: describeError })

export const request = (amount = 1000, name: RefundKey = key): Refunds.KeyedRefund => ({
  key: name,
  orderId: id,
  amount: cents(amount)
})

/** Refunds, without moving the clock. */
export const refundNow = (amount?: number, name?: RefundKey) =>
  Refunds.Refunds.use((refunds) => Effect.result(refunds.refund(request(amount, name))))

/** Refunds while the clock moves on, and says what became of it. */
export const refund = (amount?: number, name?: RefundKey) => Effect.map(inTime(refundNow(amount, name)), inWords)

/** Refunds all that is left while the clock moves on. */
export const refundRemaining = (name: RefundKey = key) =>
  inTime(Refunds.Refunds.use((refunds) => Effect.result(refunds.refundRemaining({ key: name, orderId: id }))))

/** Goes on with a refund while the clock moves on, and says what became of it. */
export const resolve = (name: RefundKey = key) =>
  Effect.map(inTime(Refunds.Refunds.use((refunds) => Effect.result(refunds.resolve(name)))), inWords)

/** Settles a refund by the word of a person, and says in which state it is. */
export const settle = (verdict: Refunds.PersonsFinding["verdict"], name: RefundKey = key) =>
  Refunds.Refunds.use((refunds) => Effect.result(refunds.settle(name, { verdict }))).pipe(
    Effect.map(Result.match({ onSuccess: ({ state }): string => state, onFailure: ({ _tag }) => _tag }))
  )

/** The state of a refund in the journal. */
export const stateOf = (name: RefundKey = key) =>
  RefundJournal.RefundJournal.use((journal) => Effect.flatMap(journal.find(name), Effect.fromOption)).pipe(
    Effect.map(({ state }): string => state),
    Effect.catchTag("NoSuchElementError", () => Effect.succeed("unknown"))
  )

/** The error of a refund that ended in doubt. */
export const doubtOf = (outcome: Outcome): RefundOutcomeUnknown | undefined =>
  Result.isFailure(outcome) && outcome.failure._tag === "RefundOutcomeUnknown" ? outcome.failure : undefined
