/**
 * Ways in which a request to FlexFactor goes wrong, as values to hand to the simulator. A status or a duration that makes
 * no sense throws an error that names it.
 *
 * What matters for money is whether the server did what it was asked before things went wrong, and when, so every fault
 * says it.
 */
import type * as Duration from "effect/Duration"
import { intervalOf, keeping, timeOf, waitOf } from "./rules.ts"

/** One way in which a request goes wrong. Make it with the functions of this module. */
export type Fault =
  | { readonly _tag: "Refused" }
  | { readonly _tag: "Lost"; readonly serverActs: boolean; readonly after: Duration.Duration }
  | {
    readonly _tag: "Answer"
    readonly serverActs: boolean
    readonly after: Duration.Duration
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
  | { readonly _tag: "Truncated" }
  | { readonly _tag: "Delayed"; readonly duration: Duration.Duration }
  | { readonly _tag: "Slow"; readonly interval: Duration.Duration }
  | { readonly _tag: "Duplicated" }
  | { readonly _tag: "TokensExpired" }
  | { readonly _tag: "Stale"; readonly duration: Duration.Duration }

/**
 * Whether the server does what it was asked, and how long after the request came: at once, unless `after` says later.
 * A refund or a cancel that is carried out later meets the order as it is by then. A request that only reads has
 * nothing to carry out.
 */
export type ServerActs =
  | { readonly serverActs: false; readonly after?: undefined }
  | { readonly serverActs: true; readonly after?: Duration.Input | undefined }

/** An answer in place of the server's own; `serverActs` is false if it is left out. */
export type AnswerOptions =
  & {
    readonly body?: string | object | undefined
    readonly headers?: Readonly<Record<string, string>> | undefined
  }
  & (ServerActs | { readonly serverActs?: undefined; readonly after?: undefined })

/** The connection is refused: nothing is sent, provably. */
export const connectionRefused: Fault = { _tag: "Refused" }

/**
 * The connection breaks after the request was sent. The client cannot tell whether the server acted, or will.
 *
 * @example
 * ```ts
 * import { Fault } from "effect-flexfactor/testing"
 *
 * const lostAnswer = Fault.connectionLost({ serverActs: true })
 * const lateCommit = Fault.connectionLost({ serverActs: true, after: "3 minutes" })
 * ```
 */
export const connectionLost = ({ after = 0, serverActs }: ServerActs): Fault => ({
  _tag: "Lost",
  serverActs,
  after: timeOf("Fault.connectionLost: after", after)
})

const isStatus = (status: number): boolean => Number.isInteger(status) && status >= 200 && status <= 599

/**
 * Another answer comes than the server's own. A `body` that is an object is sent as JSON, a text as HTML, unless
 * `headers` says otherwise. Without `serverActs` the server does nothing.
 *
 * @example
 * ```ts
 * import { Fault } from "effect-flexfactor/testing"
 *
 * const busy = Fault.answer(429, { headers: { "retry-after": "2" } })
 * const gateway = Fault.answer(502, { body: "<title>502 Bad Gateway</title>", serverActs: true })
 * const lateCommit = Fault.answer(504, { serverActs: true, after: "3 minutes" })
 * ```
 */
export const answer = (
  status: number,
  { after = 0, body, headers, serverActs = false }: AnswerOptions = {}
): Fault => ({
  _tag: "Answer",
  serverActs,
  after: timeOf("Fault.answer: after", after),
  status: keeping("Fault.answer: status", status, "a whole number from 200 to 599", isStatus),
  headers: {
    ...(body === undefined
      ? {}
      : { "content-type": typeof body === "string" ? "text/html; charset=utf-8" : "application/json" }),
    ...headers
  },
  body: typeof body === "object" ? JSON.stringify(body) : body ?? ""
})

/** The server acts, and the connection breaks in the middle of its answer. */
export const truncated: Fault = { _tag: "Truncated" }

/** The server acts at once, and its answer comes after a while. */
export const delayed = (duration: Duration.Input): Fault => ({
  _tag: "Delayed",
  duration: waitOf("Fault.delayed: duration", duration)
})

/** The server acts, and its answer comes one byte at a time. */
export const slow = (interval: Duration.Input): Fault => ({
  _tag: "Slow",
  interval: intervalOf("Fault.slow: interval", interval)
})

/** The request arrives twice, as from a proxy that repeats it. The client gets the second answer. */
export const duplicated: Fault = { _tag: "Duplicated" }

/** Every token expires just before the request arrives, so that the server refuses it with 401. */
export const tokensExpired: Fault = { _tag: "TokensExpired" }

/**
 * The answer to a read or a list shows the orders as they were a while ago, as from a copy of a database that lags
 * behind. Any other request is answered as usual. `staleReads` of the simulator does so to every read and list; this
 * fault overrides it for one of them.
 *
 * @example
 * ```ts
 * import { Fault } from "effect-flexfactor/testing"
 *
 * const oldOrder = Fault.stale("10 seconds")
 * ```
 */
export const stale = (duration: Duration.Input): Fault => ({
  _tag: "Stale",
  duration: timeOf("Fault.stale: duration", duration)
})
