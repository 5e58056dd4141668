/**
 * Where refunds are written down before they are sent, and what became of them.
 */
import * as Context from "effect/Context"
import type * as Effect from "effect/Effect"
import * as Layer from "effect/Layer"
import type * as Option from "effect/Option"
import type * as Stream from "effect/Stream"
import { makeMemoryJournal } from "./internal/refunds/memoryJournal.ts"
import type { OrderId } from "./OrderId.ts"
import type { RefundEntry } from "./RefundEntry.ts"
import type { RefundKey } from "./RefundKey.ts"
import type { RefundJournalError } from "./RefundsError.ts"

/**
 * What became of a write:
 *
 * - `"written"`: it is kept, also if the process ends now;
 * - `"changed"`: somebody else wrote this key first; read it again;
 * - `"busy"`: another refund of the order is open, and this one would be the second.
 */
export type Written = "written" | "changed" | "busy"

/**
 * The journal of refunds: what `Refunds` writes before a refund is sent, and after.
 *
 * Whoever implements one keeps two promises, also among several processes. `write` replaces the revision before the
 * entry's own and no other. And of all entries of an order, at most one is open (`sending` or `in doubt`): this is what
 * makes two workers take turns.
 */
export class RefundJournal extends Context.Service<RefundJournal, {
  /** The refund of a key, if there is one. */
  readonly find: (key: RefundKey) => Effect.Effect<Option.Option<RefundEntry>, RefundJournalError>
  /** All refunds of an order. */
  readonly ofOrder: (orderId: OrderId) => Effect.Effect<ReadonlyArray<RefundEntry>, RefundJournalError>
  /** Writes an entry: a new one with revision 1, or the next revision of one that is there. */
  readonly write: (entry: RefundEntry) => Effect.Effect<Written, RefundJournalError>
  /** The refunds that are open, the oldest first. Those that are on their way are among them. */
  readonly open: Stream.Stream<RefundEntry, RefundJournalError>
}>()("effect-flexfactor/RefundJournal") {}

/**
 * A journal that lives as long as the program: for tests, and for programs that need no memory after a crash.
 *
 * @example
 * ```ts
 * import { RefundJournal } from "effect-flexfactor"
 *
 * const journal = RefundJournal.layerMemory()
 * ```
 */
export const layerMemory = (): Layer.Layer<RefundJournal> => Layer.sync(RefundJournal, makeMemoryJournal)
