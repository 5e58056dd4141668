/**
 * What a test and its worker processes say to each other.
 */
import type { KeyedRefund, RefundPolicy } from "../../src/Refunds.ts"

/** Where the orders of these tests show money. */
export const totals = { refunded: "amountRefunded", charged: "amountCharged" } as const

/** How a worker is set up, as the one argument of its program, in JSON. */
export interface Setup {
  /** Where FlexFactor is. */
  readonly url: string
  readonly keyPair: { readonly appKey: string; readonly appSecret: string }
  /** The file of the journal. */
  readonly journal: string
  readonly policy: RefundPolicy
  /** The deadline of a call to FlexFactor, in milliseconds. */
  readonly timeout: number
}

/**
 * What a worker does with one message: it refunds `rows`, several at once.
 *
 * - `diesAt`: kill the own process at this boundary of a durable step: before or after the journal writes, or before or
 *   after a refund is sent. The boundaries count from 1.
 * - `loses`: what the network loses of the first refund that is sent.
 */
export interface Job {
  readonly rows: ReadonlyArray<KeyedRefund>
  readonly concurrency: number
  readonly diesAt?: number | undefined
  readonly loses?: Loss | undefined
}

export type Loss = "nothing" | "the request" | "the answer"

/** How one row ended: `"Refunded"`, or the tag of its error. */
export interface Ending {
  readonly key: string
  readonly orderId: string
  readonly verdict: string
}

/** What a worker says after a job. `stopped`: the run ended early. */
export interface Report {
  readonly endings: ReadonlyArray<Ending>
  readonly stopped: boolean
  /** How many boundaries of durable steps there were. */
  readonly boundaries: number
}

/** A worker that has loaded says so; then it reports on each job. */
export type FromWorker = "ready" | Report
