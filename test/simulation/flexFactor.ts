/**
 * The simulated FlexFactor without its wire: the rules, the ledger and the faults of the shipped simulator, reached by a
 * function call instead of a request, so that a core runs thousands of seeds a second. What a fault does to a caller is
 * what the client makes of it, as the tests of the client and the simulation over the wire hold it to.
 */
import { DateTime, Duration, Effect } from "effect"
import {
  Cents,
  FlexFactorServiceUnavailable,
  FlexFactorTooManyRequests,
  FlexFactorUnreachable,
  type OrderId,
  type Orders,
  type OrdersError,
  type RefundDoubt,
  type RefundError,
  type RefundEvidence,
  RefundOutcomeUnknown,
  type RefundReceipt,
  RefundRejected,
  type RefundRequest
} from "../../src/index.ts"
import type { Fault } from "../../src/testing/Fault.ts"
import { drawFault, type FaultKind, faultKinds, kindsFor } from "../../src/testing/simulator/faultKinds.ts"
import { addOrder, orderAt } from "../../src/testing/simulator/history.ts"
import { catchUp, enqueue } from "../../src/testing/simulator/pending.ts"
import { refund, refundable } from "../../src/testing/simulator/rules.ts"
import { makeOrder, makeState, type SimulatedOrder, type State } from "../../src/testing/simulator/state.ts"
import { latest, makeDice, type Scenario } from "./scenario.ts"
import type { VirtualTime } from "./virtualTime.ts"
import { makeWebhooks } from "./webhooks.ts"

/** One refund as FlexFactor got it: for which key, and how often it moved money; more than once if it came twice. */
export interface Post {
  readonly key: string
  readonly isDuplicated: boolean
  moved: number
}

export interface FlexFactor {
  readonly state: State
  readonly orderIds: ReadonlyArray<OrderId>
  readonly posts: ReadonlyArray<Post>
  readonly faultCounts: Map<FaultKind, number>
  readonly orders: Pick<Orders["Service"], "get" | "refund">
  readonly evidence: RefundEvidence.RefundEvidence["Service"]
  /** Ends the faults. */
  readonly calm: () => void
}

/** The deadline of a call, and the bytes of an answer: a slow answer takes an interval for each. */
const deadline = 30_000
const answerBytes = 200

/** Which fault the next request of an operation meets, if any. */
export type NextFault = (operation: "Orders.get" | "Orders.refund") => Fault | undefined

/** FlexFactor as a scenario has it. Faults come from its seed, unless somebody else chooses them. */
export const makeFlexFactor = (scenario: Scenario, time: VirtualTime, chooseFault?: NextFault): FlexFactor => {
  const dice = makeDice(`${scenario.seed} faults`)
  const state = makeState()
  const behaviour = { repeatedRefunds: scenario.repeatedRefunds, largestPartialRefund: undefined }
  const start = DateTime.makeUnsafe(0)
  const orderIds = scenario.charged.map((charged, index) => {
    const order = makeOrder({ amount: Cents.make(charged) }, index + 1, start)
    addOrder(state, order, start)
    return order.id
  })
  const posts: Array<Post> = []
  const faultCounts = new Map<FaultKind, number>()
  const reportsOf = makeWebhooks(scenario, state)
  let isCalm = false

  const nowUtc = () => DateTime.makeUnsafe(time.now())

  const drawNext: NextFault = (operation) => {
    if (!dice.chance(scenario.faultRate)) return undefined
    const kinds = kindsFor(operation, faultKinds)
    // What commits late is what tempts to send again: it comes more often than the rest.
    const kind = operation === "Orders.refund" && dice.chance(0.15) ? "late commit" : kinds[dice.below(kinds.length)]
    if (kind === undefined) return undefined
    faultCounts.set(kind, (faultCounts.get(kind) ?? 0) + 1)
    return drawFault(kind, dice.random, latest)
  }
  const nextFault: NextFault = (operation) => isCalm ? undefined : (chooseFault ?? drawNext)(operation)

  const find = (id: OrderId): SimulatedOrder => {
    catchUp(state.pending, nowUtc())
    const order = state.orders.get(id)
    if (order === undefined) throw new Error(`there is no order ${id}`)
    return order
  }

  /** The server does what it was asked. */
  const act = (post: Post, id: OrderId, { amount, message }: RefundRequest, at: DateTime.Utc) => {
    const before = state.ledger.length
    const order = state.orders.get(id)
    if (order === undefined) throw new Error(`there is no order ${id}`)
    const answer = refund(state, behaviour, order, { amount, message, by: "api", at })
    post.moved += state.ledger.length - before
    return answer
  }

  const unknown = (orderId: OrderId, amount: Cents, doubt: RefundDoubt) =>
    Effect.fail(new RefundOutcomeUnknown({ orderId, amount, doubt }))

  const latency = () => Effect.sleep(20 + dice.below(400))

  /** What comes of a refund that the fault lets through, after a while. */
  const respond = (
    fault: Fault | undefined,
    id: OrderId,
    request: RefundRequest,
    post: Post
  ): Effect.Effect<RefundReceipt, RefundError> => {
    const { amount } = request
    find(id)
    const answer = () => {
      const { responseCode, success, transactionId } = act(post, id, request, nowUtc())
      return success
        ? Effect.succeed<RefundReceipt>({
          orderId: id,
          amount,
          confirmedBy: "answer",
          confirmedAt: nowUtc(),
          ...(transactionId === null ? {} : { transactionId })
        })
        : Effect.fail(new RefundRejected({ orderId: id, amount, status: 200, code: responseCode ?? "" }))
    }
    const actMaybe = (serverActs: boolean, after: Duration.Duration) => {
      if (!serverActs) return
      if (Duration.toMillis(after) === 0) act(post, id, request, nowUtc())
      else {
        enqueue(state.pending, {
          at: DateTime.addDuration(nowUtc(), after),
          carryOut: (at) => void act(post, id, request, at)
        })
      }
    }
    const slowly = (millis: number) => {
      const result = answer()
      return millis < deadline
        ? Effect.andThen(Effect.sleep(millis), result)
        : Effect.andThen(Effect.sleep(deadline), unknown(id, amount, "timeout"))
    }
    switch (fault?._tag) {
      case undefined:
      case "Stale":
      case "TokensExpired":
        return answer()
      case "Refused":
        return Effect.fail(new FlexFactorUnreachable({ operation: "Orders.refund", sent: "no" }))
      case "Lost":
        actMaybe(fault.serverActs, fault.after)
        return unknown(id, amount, "connection lost")
      case "Answer":
        if (fault.status === 429) {
          return Effect.fail(new FlexFactorTooManyRequests({ operation: "Orders.refund", status: 429 }))
        }
        actMaybe(fault.serverActs, fault.after)
        return unknown(id, amount, fault.status < 300 ? "no verdict" : "server error")
      case "Truncated":
        act(post, id, request, nowUtc())
        return unknown(id, amount, "connection lost")
      case "Delayed":
        return slowly(Duration.toMillis(fault.duration))
      case "Slow":
        return slowly(answerBytes * Duration.toMillis(fault.interval))
      case "Duplicated":
        act(post, id, request, nowUtc())
        return answer()
    }
  }

  const readOrder = (id: OrderId): Effect.Effect<SimulatedOrder, OrdersError.GetError> =>
    Effect.suspend(() => {
      const fault = nextFault("Orders.get")
      const order = find(id)
      switch (fault?._tag) {
        case undefined:
        case "TokensExpired":
        case "Duplicated":
          return Effect.succeed(order)
        case "Stale":
          return Effect.succeed(orderAt(state, order, DateTime.subtractDuration(nowUtc(), fault.duration)))
        case "Delayed":
          return Effect.as(Effect.sleep(Math.min(deadline, Duration.toMillis(fault.duration))), order)
        default:
          // The client reads again by itself; here and there even that does not help.
          return dice.chance(0.7)
            ? Effect.succeed(order)
            : Effect.fail(new FlexFactorServiceUnavailable({ operation: "Orders.get", status: 503 }))
      }
    })

  const totalsOf = (order: SimulatedOrder) => ({
    ...(scenario.shown === "refunded" || scenario.shown === "both" ? { refunded: order.refunded } : {}),
    ...(scenario.shown === "refundable" || scenario.shown === "both" ? { refundable: refundable(order) } : {})
  })

  for (const { amount, at, order } of scenario.portal) {
    time.at(at, () => {
      const id = orderIds[order]
      if (id === undefined) return
      refund(state, { ...behaviour, repeatedRefunds: "additive" }, find(id), {
        amount: Cents.make(amount),
        message: "refunded in the portal",
        by: "portal",
        at: nowUtc()
      })
    })
  }

  return {
    state,
    orderIds,
    posts,
    faultCounts,
    calm: () => {
      isCalm = true
    },
    orders: {
      get: (id) => Effect.map(readOrder(id), ({ status }) => ({ id, status, extra: {} })),
      refund: (id, request) =>
        Effect.flatMap(Effect.suspend(latency), () => {
          const fault = nextFault("Orders.refund")
          const post: Post = { key: request.message ?? "", isDuplicated: fault?._tag === "Duplicated", moved: 0 }
          if (fault?._tag !== "Refused") posts.push(post)
          return Effect.flatMap(
            Effect.exit(respond(fault, id, request, post)),
            (exit) => Effect.andThen(latency(), exit)
          )
        })
    },
    evidence: {
      read: (id) =>
        Effect.suspend(() => {
          const at = nowUtc()
          return Effect.flatMap(latency(), () =>
            Effect.map(readOrder(id), (order) => ({
              at,
              status: order.status,
              ...totalsOf(order),
              reports: reportsOf(id, time.now())
            })))
        })
    }
  }
}
