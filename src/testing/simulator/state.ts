/**
 * What the simulated FlexFactor knows: orders and what they were like before, tokens, what it was asked, where the money
 * went, what there is to report, and what it has yet to do.
 */
import * as DateTime from "effect/DateTime"
import * as Option from "effect/Option"
import * as Schema from "effect/Schema"
import { Cents } from "../../Money.ts"
import { ExternalOrderId, OrderId } from "../../OrderId.ts"
import type { Operation } from "../../OrdersError.ts"
import type { OrderStatus } from "../../OrderStatus.ts"
import { keeping } from "../rules.ts"
import type { Occurrence } from "./occurrences.ts"
import type { Pending } from "./pending.ts"

/**
 * An order to put into the simulator. Only `amount` is needed: the rest is made up.
 *
 * - `amount`: what was charged, in cents; `refunded`: what of it went back already, at most all.
 * - `placedAt`: now, if not given. Under a test clock, which starts in 1970, a date of today lies in the future, and
 *   `pages` and `stream` end at now: set the clock with `TestClock.setTime` first.
 * - `extra`: further fields to show when the order is read or listed.
 */
export interface OrderSeed {
  readonly id?: OrderId | undefined
  readonly externalId?: ExternalOrderId | undefined
  readonly amount: Cents
  readonly refunded?: Cents | undefined
  readonly status?: OrderStatus | undefined
  readonly placedAt?: DateTime.DateTime.Input | undefined
  readonly mid?: string | undefined
  readonly firstName?: string | undefined
  readonly lastName?: string | undefined
  readonly email?: string | undefined
  readonly extra?: Readonly<Record<string, unknown>> | undefined
}

/** An order as the simulator holds it. */
export interface SimulatedOrder {
  readonly id: OrderId
  readonly externalId: ExternalOrderId
  readonly amount: Cents
  readonly refunded: Cents
  readonly status: OrderStatus
  readonly placedAt: DateTime.Utc
  readonly mid: string
  readonly firstName: string
  readonly lastName: string
  readonly email: string
  readonly extra: Readonly<Record<string, unknown>>
}

/**
 * A movement of money: `amount` cents of an order went back to the customer. `by` says who asked for it: a program
 * through the API, or a person in the merchant portal.
 */
export interface LedgerEntry {
  readonly orderId: OrderId
  readonly amount: Cents
  readonly message: string | undefined
  readonly by: "api" | "portal"
  readonly at: DateTime.Utc
}

/**
 * A request that reached the simulator. The token is not kept; `appKey` says whose it was. Nor is the body of a request for
 * a token, or of one that is not recognised.
 */
export interface LoggedRequest {
  readonly operation: Operation | "unknown"
  readonly method: string
  readonly path: string
  readonly query: ReadonlyArray<readonly [name: string, value: string]>
  readonly headers: Readonly<Record<string, string>>
  readonly body: string
  readonly appKey: string | undefined
  readonly at: DateTime.Utc
}

/** A token that was issued. */
export interface IssuedToken {
  readonly appKey: string
  /** Milliseconds since the epoch. */
  readonly expiresAt: number
}

/** What an order was like from a time on. */
export interface Version {
  readonly since: DateTime.Utc
  readonly order: SimulatedOrder
}

/** All that one simulator knows. */
export interface State {
  /** The orders as they are now, each under one spelling of its id; `history.ts` changes them. */
  readonly orders: Map<OrderId, SimulatedOrder>
  /** What each order has been, the oldest first, under the same spelling. */
  readonly versions: Map<OrderId, Array<Version>>
  readonly ledger: Array<LedgerEntry>
  /** The ledger of each order, under the same spelling. */
  readonly movements: Map<OrderId, Array<LedgerEntry>>
  /** What webhooks report, in order. */
  readonly occurrences: Array<Occurrence>
  readonly pending: Array<Pending>
  /** Who is told that there is something new to report, or to do later. */
  readonly watchers: Set<() => void>
  readonly requests: Array<LoggedRequest>
  readonly tokens: Map<string, IssuedToken>
  /** How many there were, so that no id or token comes twice. */
  addedOrders: number
  issuedTokens: number
}

/** The state of a simulator that nobody has used. */
export const makeState = (): State => ({
  orders: new Map(),
  versions: new Map(),
  ledger: [],
  movements: new Map(),
  occurrences: [],
  pending: [],
  watchers: new Set(),
  requests: [],
  tokens: new Map(),
  addedOrders: 0,
  issuedTokens: 0
})

/** Makes every token invalid, and remembers whose it was. */
export const expireTokens = (state: State): void => {
  for (const [token, { appKey }] of state.tokens) state.tokens.set(token, { appKey, expiresAt: 0 })
}

const isCents = Schema.is(Cents)

/** The id of the nth order of a simulator, in the form of FlexFactor's: a GUID (observed). */
const orderIdOf = (n: number): OrderId => OrderId.make(`00000000-0000-4000-8000-${String(n).padStart(12, "0")}`)

const placedAt = (input: DateTime.DateTime.Input): DateTime.Utc =>
  Option.match(DateTime.make(input), {
    onNone: () => {
      throw new Error("OrderSeed: placedAt must be a date")
    },
    onSome: DateTime.toUtc
  })

/** The money of a seed. */
const moneyOf = ({ amount, refunded = Cents.make(0) }: OrderSeed) => ({
  amount: keeping("OrderSeed: amount", amount, "a whole number of cents, zero or more", isCents),
  refunded: keeping(
    "OrderSeed: refunded",
    refunded,
    "a whole number of cents, at most the amount",
    (refunded) => isCents(refunded) && refunded <= amount
  )
})

/** Completes a seed. An order without a time is placed now. */
export const makeOrder = (seed: OrderSeed, n: number, now: DateTime.Utc): SimulatedOrder => ({
  id: seed.id ?? orderIdOf(n),
  externalId: seed.externalId ?? ExternalOrderId.make(`order-${n}`),
  ...moneyOf(seed),
  status: seed.status ?? "Completed",
  placedAt: seed.placedAt === undefined ? now : placedAt(seed.placedAt),
  mid: seed.mid ?? "00000000-0000-4000-9000-000000000001",
  firstName: seed.firstName ?? "Test",
  lastName: seed.lastName ?? `Customer ${n}`,
  email: seed.email ?? `customer${n}@example.com`,
  extra: seed.extra ?? {}
})
