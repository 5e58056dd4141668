/**
 * What a test holds of the simulator: it sets things up, and looks at what came of them. Whatever it looks at or changes
 * is brought up to the time of the clock first.
 */
import * as Context from "effect/Context"
import * as DateTime from "effect/DateTime"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import { Cents } from "../../Money.ts"
import type { OrderId } from "../../OrderId.ts"
import type { Operation } from "../../OrdersError.ts"
import type { OrderStatus } from "../../OrderStatus.ts"
import type { Fault } from "../Fault.ts"
import { keeping, timeOf } from "../rules.ts"
import type { FaultCounts, makeFaults, SeededFaults } from "./faults.ts"
import { addOrder, changeOrder, orderById, removeOrder } from "./history.ts"
import { catchUp, postpone } from "./pending.ts"
import { type Behaviour, refund, refundable } from "./rules.ts"
import {
  expireTokens,
  type LedgerEntry,
  type LoggedRequest,
  makeOrder,
  type OrderSeed,
  type SimulatedOrder,
  type State
} from "./state.ts"
import type { WebhookControls } from "./webhookControls.ts"

/**
 * When a refund in the merchant portal happens: at once, unless `after` says later. What is refused by then is nothing:
 * a person was refused.
 */
export interface PortalOptions {
  readonly after?: Duration.Input | undefined
}

/**
 * The controls of the simulator: what a test sets up, and what it looks at afterwards.
 *
 * @example
 * ```ts
 * import { Effect } from "effect"
 * import { Cents, Orders } from "effect-flexfactor"
 * import { Fault, FlexFactorSimulator } from "effect-flexfactor/testing"
 *
 * const test = Effect.gen(function*() {
 *   const simulator = yield* FlexFactorSimulator.FlexFactorSimulator
 *   const orders = yield* Orders
 *   const order = yield* simulator.addOrder({ amount: Cents.make(5000) })
 *   yield* simulator.failNext("Orders.refund", Fault.connectionLost({ serverActs: true }))
 *   const error = yield* Effect.flip(orders.refund(order.id, { amount: Cents.make(1000) }))
 *   return [error._tag, yield* simulator.ledger] // "RefundOutcomeUnknown", and the money moved
 * }).pipe(Effect.provide(FlexFactorSimulator.layer()))
 * ```
 */
export class FlexFactorSimulator extends Context.Service<
  FlexFactorSimulator,
  WebhookControls & {
    /**
     * Adds an order, in place of another with its id, and shows it as the simulator holds it. What moved before stays in
     * the ledger. An order of which more went back than was charged is a defect: the test is wrong.
     */
    readonly addOrder: (order: OrderSeed) => Effect.Effect<SimulatedOrder>
    /** Changes the status of an order, as FlexFactor would on its own. An unknown id is a defect: the test is wrong. */
    readonly setStatus: (id: OrderId, status: OrderStatus) => Effect.Effect<void>
    /** Removes an order, as if it had left the merchant's view. */
    readonly removeOrder: (id: OrderId) => Effect.Effect<void>
    /**
     * Refunds an order in the merchant portal, behind the program's back. An unknown id is a defect, and so is a refusal
     * unless the refund comes later: the test is wrong.
     */
    readonly refundInPortal: (id: OrderId, amount: Cents, options?: PortalOptions) => Effect.Effect<void>
    /** The orders as they are now. */
    readonly orders: Effect.Effect<ReadonlyArray<SimulatedOrder>>
    /** What can still be refunded of an order, in cents; zero for an unknown one. */
    readonly refundable: (id: OrderId) => Effect.Effect<Cents>
    /** Every movement of money, in order. */
    readonly ledger: Effect.Effect<ReadonlyArray<LedgerEntry>>
    /** Every request that arrived, in order. Tokens and secrets are not in it. */
    readonly requests: Effect.Effect<ReadonlyArray<LoggedRequest>>
    /** Makes the next requests of an operation go wrong, one fault each, in order. */
    readonly failNext: (operation: Operation, ...faults: ReadonlyArray<Fault>) => Effect.Effect<void>
    /**
     * Makes requests of every operation go wrong from now on, by faults drawn from a seed. What `failNext` asks for comes
     * first. Called again, it begins anew; a `rate` of 0 ends it.
     */
    readonly failBySeed: (faults: SeededFaults) => Effect.Effect<void>
    /** How many requests met each kind of fault that was drawn from a seed. */
    readonly faultCounts: Effect.Effect<FaultCounts>
    /** Makes every token invalid at once. */
    readonly expireTokens: Effect.Effect<void>
  }
>()("effect-flexfactor/testing/FlexFactorSimulator") {}

const unknownOrder = (id: OrderId) => new Error(`FlexFactorSimulator: there is no order ${id}`)

/** Makes the controls of one simulator. */
export const makeControls = (
  state: State,
  behaviour: Behaviour,
  faults: ReturnType<typeof makeFaults>,
  webhooks: WebhookControls
): FlexFactorSimulator["Service"] => {
  const now = Effect.map(DateTime.now, (now) => {
    catchUp(state.pending, now)
    return now
  })
  const upToNow = <A>(look: (now: DateTime.Utc) => A): Effect.Effect<A> => Effect.map(now, look)

  const find = (id: OrderId) =>
    Effect.flatMap(now, (at) => {
      const order = orderById(state, id)
      return order === undefined ? Effect.die(unknownOrder(id)) : Effect.succeed({ order, at })
    })

  /** Whatever reading of repeated refunds holds for programs: a person who refunds again means it. */
  const refundByPerson = (order: SimulatedOrder, amount: Cents, at: DateTime.Utc) =>
    refund(state, { ...behaviour, repeatedRefunds: "additive" }, order, {
      amount,
      message: "refunded in the portal",
      by: "portal",
      at
    })

  return FlexFactorSimulator.of({
    ...webhooks,
    addOrder: Effect.fnUntraced(function*(seed) {
      const at = yield* now
      state.addedOrders += 1
      const order = makeOrder(seed, state.addedOrders, at)
      addOrder(state, order, at)
      return order
    }),
    setStatus: (id, status) => Effect.map(find(id), ({ at, order }) => changeOrder(state, { ...order, status }, at)),
    removeOrder: (id) => upToNow(() => removeOrder(state, id)),
    refundInPortal: Effect.fnUntraced(function*(id, amount, { after } = {}) {
      const { at, order } = yield* find(id)
      keeping("FlexFactorSimulator.refundInPortal: amount", amount, "more than zero", (amount) => amount > 0)
      if (after === undefined) {
        const answer = refundByPerson(order, amount, at)
        if (!answer.success) return yield* Effect.die(new Error(`FlexFactorSimulator: ${answer.responseMessage}`))
        return
      }
      postpone(state, {
        at: DateTime.addDuration(at, timeOf("FlexFactorSimulator.refundInPortal: after", after)),
        carryOut: (at) => {
          const later = orderById(state, id)
          if (later !== undefined) refundByPerson(later, amount, at)
        }
      })
    }),
    orders: upToNow(() => [...state.orders.values()]),
    refundable: (id) =>
      upToNow(() => {
        const order = orderById(state, id)
        return order === undefined ? Cents.make(0) : refundable(order)
      }),
    ledger: upToNow(() => [...state.ledger]),
    requests: Effect.sync(() => [...state.requests]),
    failNext: (operation, ...next) => Effect.sync(() => faults.script(operation, next)),
    failBySeed: (options) => Effect.sync(() => faults.seed(options)),
    faultCounts: Effect.sync(faults.counts),
    expireTokens: Effect.sync(() => expireTokens(state))
  })
}
