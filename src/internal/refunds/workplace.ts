/**
 * What the steps of a refund work with.
 */
import type * as Config from "effect/Config"
import * as Effect from "effect/Effect"
import type * as Scope from "effect/Scope"
import { Orders } from "../../Orders.ts"
import { RefundEvidence } from "../../RefundEvidence.ts"
import { RefundJournal } from "../../RefundJournal.ts"
import type { RefundPolicy } from "../../Refunds.ts"
import { promptEvidence, promptJournal } from "./deadlines.ts"
import { decide } from "./decision.ts"
import { makePolicy, type Policy } from "./policy.ts"
import { makeTurns, type TakeTurns } from "./turns.ts"

export interface Workplace {
  readonly orders: Orders["Service"]
  readonly journal: RefundJournal["Service"]
  readonly evidence: RefundEvidence["Service"]
  readonly policy: Policy
  readonly decide: typeof decide
  readonly takeTurns: TakeTurns
}

/** The services of the program, and its policy. */
export const makeWorkplace = Effect.fnUntraced(function*(
  given: RefundPolicy
): Effect.fn.Return<Workplace, Config.ConfigError, Orders | RefundJournal | RefundEvidence | Scope.Scope> {
  const policy = yield* makePolicy(given)
  return {
    orders: yield* Orders,
    journal: promptJournal(yield* RefundJournal),
    evidence: promptEvidence(yield* RefundEvidence, policy.sendTimeout),
    policy,
    decide,
    takeTurns: yield* makeTurns
  }
})
