/**
 * What is sent for one event: once if nothing goes wrong, never, or several times; and when.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import type { EventToSign } from "../signWebhook.ts"
import type { WebhookFault } from "../WebhookFault.ts"

/** What a request carries. A replay carries the same one. */
export interface Letter {
  readonly event: EventToSign & { readonly at: DateTime.Utc }
  /** Whether its body is changed after it was signed. */
  readonly isAltered: boolean
  /** How much older than it is its date says it is. */
  readonly aged: Duration.Duration
}

/** One request, and when it is due. */
export interface Sending {
  readonly at: DateTime.Utc
  readonly letter: Letter
  /** How long to wait before the event is delivered again, each time that it is not taken; `undefined`: nobody minds. */
  readonly gaps: ReadonlyArray<Duration.Duration> | undefined
}

const letterOf = (event: Letter["event"]): Letter => ({ event, isAltered: false, aged: Duration.zero })

const resent = ({ event }: Letter): Letter => letterOf({ ...event, isResent: true })

/** An event that is sent as soon as it happened, or as its fault has it. */
export const sendingsOf = (
  event: Letter["event"],
  at: DateTime.Utc,
  fault: WebhookFault | undefined,
  gaps: ReadonlyArray<Duration.Duration>
): ReadonlyArray<Sending> => {
  const letter = letterOf(event)
  const usual = { at, letter, gaps }
  const besides = (letter: Letter, after: Duration.Duration): Sending => ({
    at: DateTime.addDuration(at, after),
    letter,
    gaps: undefined
  })
  switch (fault?._tag) {
    case undefined:
      return [usual]
    case "Lost":
      return []
    case "Delayed":
      return [{ ...usual, at: DateTime.addDuration(at, fault.duration) }]
    case "Duplicated":
      return [usual, besides(letter, fault.after)]
    case "Redelivered": {
      const again = resent(letter)
      const dated = { ...again, event: { ...again.event, at: DateTime.addDuration(event.at, fault.after) } }
      return [usual, besides(fault.newTimeStamp ? dated : again, fault.after)]
    }
    case "Altered":
      return [{ ...usual, letter: { ...letter, isAltered: true } }]
    case "Aged":
      return [{ ...usual, letter: { ...letter, aged: fault.by } }]
    case "DatedLater":
      return [{
        ...usual,
        at: DateTime.addDuration(at, fault.by),
        letter: letterOf({ ...event, at: DateTime.addDuration(event.at, fault.by) })
      }]
  }
}

/** The same event once more, after a delivery that was not taken; nothing, if it was delivered often enough. */
export const redelivery = ({ gaps: [gap, ...gaps] = [], letter }: Sending, now: DateTime.Utc): Sending | undefined =>
  gap === undefined ? undefined : { at: DateTime.addDuration(now, gap), letter: resent(letter), gaps }
