/**
 * Ways in which a request to FlexFactor goes wrong, as values to hand to the simulator.
 *
 * What matters for money is whether the server did what it was asked before things went wrong, so every fault says it.
 */
import * as Duration from "effect/Duration"

/** One way in which a request goes wrong. Make it with the functions of this module. */
export type Fault =
  | { readonly _tag: "Refused" }
  | { readonly _tag: "Lost"; readonly serverActs: boolean }
  | {
    readonly _tag: "Answer"
    readonly serverActs: boolean
    readonly status: number
    readonly headers: Readonly<Record<string, string>>
    readonly body: string
  }
  | { readonly _tag: "Truncated" }
  | { readonly _tag: "Delayed"; readonly duration: Duration.Duration }
  | { readonly _tag: "Slow"; readonly interval: Duration.Duration }
  | { readonly _tag: "Duplicated" }
  | { readonly _tag: "TokensExpired" }

/** Whether the server does what it was asked before the fault. */
export interface ServerActs {
  readonly serverActs: boolean
}

/** The connection is refused: nothing is sent, provably. */
export const connectionRefused: Fault = { _tag: "Refused" }

/**
 * The connection breaks after the request was sent. The client cannot tell whether the server acted.
 *
 * @example
 * ```ts
 * import { Fault } from "effect-flexfactor/testing"
 *
 * const lostAnswer = Fault.connectionLost({ serverActs: true })
 * ```
 */
export const connectionLost = ({ serverActs }: ServerActs): Fault => ({ _tag: "Lost", serverActs })

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
 * ```
 */
export const answer = (status: number, options: {
  readonly body?: string | object | undefined
  readonly headers?: Readonly<Record<string, string>> | undefined
  readonly serverActs?: boolean | undefined
} = {}): Fault => ({
  _tag: "Answer",
  serverActs: options.serverActs ?? false,
  status,
  headers: {
    ...(options.body === undefined
      ? {}
      : { "content-type": typeof options.body === "string" ? "text/html; charset=utf-8" : "application/json" }),
    ...options.headers
  },
  body: typeof options.body === "object" ? JSON.stringify(options.body) : options.body ?? ""
})

/** The server acts, and the connection breaks in the middle of its answer. */
export const truncated: Fault = { _tag: "Truncated" }

/** The server acts at once, and its answer comes after a while. */
export const delayed = (duration: Duration.Input): Fault => ({
  _tag: "Delayed",
  duration: Duration.fromInputUnsafe(duration)
})

/** The server acts, and its answer comes one byte at a time. */
export const slow = (interval: Duration.Input): Fault => ({
  _tag: "Slow",
  interval: Duration.fromInputUnsafe(interval)
})

/** The request arrives twice, as from a proxy that repeats it. The client gets the second answer. */
export const duplicated: Fault = { _tag: "Duplicated" }

/** Every token expires just before the request arrives, so that the server refuses it with 401. */
export const tokensExpired: Fault = { _tag: "TokensExpired" }
