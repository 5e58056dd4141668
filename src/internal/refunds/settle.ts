/**
 * Carries a refund through its steps until it is settled, or until patience ends.
 */
import * as Clock from "effect/Clock"
import * as Effect from "effect/Effect"
import type { RefundOutcomeUnknown } from "../../OrdersError.ts"
import type { RefundEntry } from "../../RefundEntry.ts"
import { monotonicMillis } from "../monotonic.ts"
import { look, orInDoubt } from "./look.ts"
import { reread, rereadChanged } from "./reread.ts"
import { send } from "./send.ts"
import type { Workplace } from "./workplace.ts"

/**
 * Goes on with a refund that was begun. `since` is when the caller began, in milliseconds: its patience counts from
 * there. The result is its entry, settled or in doubt; or not sent, if another worker let go of it. Where sending it
 * again came to nothing, it stays in doubt.
 */
export const settle = Effect.fnUntraced(function*(
  place: Workplace,
  start: RefundEntry,
  since: number
): Effect.fn.Return<RefundEntry, RefundOutcomeUnknown> {
  let current = start
  // Its patience is not that of a clock that somebody sets meanwhile.
  const begun = yield* monotonicMillis
  const patienceSpent = (yield* Clock.currentTimeMillis) - since
  while (true) {
    const spent = patienceSpent + (yield* monotonicMillis) - begun
    const looked = yield* look(place, current, (yield* Clock.currentTimeMillis) - spent)
    const { entry } = looked
    switch (looked._tag) {
      case "Done":
        return entry
      case "Send": {
        const sent = yield* orInDoubt(entry)(send(place, entry))
        if (sent._tag === "Recorded" && sent.error !== undefined) return sent.entry
        current = sent._tag === "Recorded" ? sent.entry : yield* orInDoubt(entry)(rereadChanged(place, entry))
        break
      }
      case "Wait":
        yield* Effect.sleep(looked.millis)
        current = yield* orInDoubt(entry)(reread(place, entry))
    }
  }
})
