/**
 * What a durable refund does next: the result of one step, kept by the engine, from which the next one goes on.
 */
import * as Schema from "effect/Schema"
import { RefundEntry } from "../../RefundEntry.ts"

/**
 * - `"Prepare"`: reserve the order and read it; `"Send"`: send it, by the time `until`; `"Look"`: read what became of it.
 * - `"Wait"`: after `millis`, look at `entry`, or prepare it where there is none yet.
 * - `"Done"`: it is settled, or stays in doubt.
 *
 * `since` is when the first step was made, in milliseconds: how long the refund goes on counts from there.
 */
export const Next = Schema.TaggedUnion({
  Prepare: { since: Schema.optionalKey(Schema.Int) },
  Send: { entry: RefundEntry, until: Schema.Int, since: Schema.Int },
  Look: { entry: RefundEntry, since: Schema.Int },
  Wait: { entry: Schema.optionalKey(RefundEntry), millis: Schema.Int, since: Schema.Int },
  Done: { entry: RefundEntry }
})

/** What a durable refund does next. */
export type Next = typeof Next.Type
