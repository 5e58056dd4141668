/**
 * The kinds of faults that a seed brings about: which requests each can meet, and how its details are drawn.
 */
import * as Record from "effect/Record"
import * as Struct from "effect/Struct"
import type { Operation } from "../../OrdersError.ts"
import * as Fault from "../Fault.ts"
import { type Draws, oneOf, upTo } from "./draws.ts"

/** The longest times to draw, in milliseconds. */
export interface Longest {
  readonly lateCommit: number
  readonly delay: number
  readonly staleness: number
}

interface Kind {
  readonly meets: (operation: Operation) => boolean
  readonly draw: (random: Draws, longest: Longest) => Fault.Fault
}

const reads = (operation: Operation): boolean => operation === "Orders.get" || operation === "Orders.list"
const needsToken = (operation: Operation): boolean => operation !== "FlexFactor.token"
const changes = (operation: Operation): boolean => needsToken(operation) && !reads(operation)
const anything = (): boolean => true

const acts = (random: Draws): { readonly serverActs: boolean } => ({ serverActs: random.nextDoubleUnsafe() < 0.5 })

const serverError = (random: Draws): number => oneOf(random, 500, 502, 503, 504)

const html = "<html><head><title>Please wait</title></head><body></body></html>"

const table = {
  "connection refused": { meets: anything, draw: () => Fault.connectionRefused },
  "request lost": { meets: anything, draw: () => Fault.connectionLost({ serverActs: false }) },
  "answer lost": { meets: anything, draw: () => Fault.connectionLost({ serverActs: true }) },
  "late commit": {
    meets: changes,
    draw: (random, { lateCommit }) => {
      const late = { serverActs: true, after: upTo(random, lateCommit) } as const
      return oneOf(random, Fault.connectionLost(late), Fault.answer(504, late))
    }
  },
  "server error before acting": { meets: anything, draw: (random) => Fault.answer(serverError(random)) },
  "server error after acting": {
    meets: anything,
    draw: (random) => Fault.answer(serverError(random), { serverActs: true })
  },
  "too many requests": {
    meets: anything,
    draw: (random) => Fault.answer(429, { headers: { "retry-after": String(upTo(random, 10)) } })
  },
  "tokens expired": { meets: needsToken, draw: () => Fault.tokensExpired },
  "answer truncated": { meets: anything, draw: () => Fault.truncated },
  // From an answer that takes its time to one that no deadline waits for.
  "answer slow": { meets: anything, draw: (random) => Fault.slow(oneOf(random, 20, 200, 1000, 5000, 10_000)) },
  "answer delayed": { meets: anything, draw: (random, { delay }) => Fault.delayed(upTo(random, delay)) },
  "request duplicated": { meets: anything, draw: () => Fault.duplicated },
  "answer as HTML": {
    meets: anything,
    draw: (random) => Fault.answer(oneOf(random, 200, 502), { body: html, ...acts(random) })
  },
  "answer without a body": { meets: anything, draw: (random) => Fault.answer(200, acts(random)) },
  "stale read": { meets: reads, draw: (random, { staleness }) => Fault.stale(upTo(random, staleness)) }
} as const satisfies Record<string, Kind>

/**
 * A kind of fault that a seed brings about.
 *
 * - `"late commit"`: the connection is lost, or the answer is a 504, and the server acts later. Cancels and refunds only.
 * - `"stale read"`: the order is shown as it was a while ago. Reads and lists only.
 * - `"tokens expired"`: not on a request for a token.
 * - `"answer as HTML"`, `"answer without a body"`: the server may have acted or not.
 */
export type FaultKind = keyof typeof table

/** All kinds. */
export const faultKinds: ReadonlyArray<FaultKind> = Struct.keys(table)

/** A count for each kind, of none so far. */
export const countFromZero = (): Record<FaultKind, number> => Record.map(table, () => 0)

/** The kinds among those given that make sense for a request. */
export const kindsFor = (operation: Operation, kinds: ReadonlyArray<FaultKind>): ReadonlyArray<FaultKind> =>
  kinds.filter((kind) => table[kind].meets(operation))

/** Makes a fault of a kind, with its details drawn. */
export const drawFault = (kind: FaultKind, random: Draws, longest: Longest): Fault.Fault =>
  table[kind].draw(random, longest)
