/**
 * The kinds of faults of webhooks that a seed brings about, and how their details are drawn.
 */
import * as Record from "effect/Record"
import * as Struct from "effect/Struct"
import * as WebhookFault from "../WebhookFault.ts"
import { type Draws, upTo } from "./draws.ts"

type Draw = (random: Draws, maxDelay: number) => WebhookFault.WebhookFault

const table = {
  "lost": () => WebhookFault.lost,
  "delayed": (random, maxDelay) => WebhookFault.delayed(upTo(random, maxDelay)),
  "duplicated": (random, maxDelay) => WebhookFault.duplicated(upTo(random, maxDelay)),
  "redelivered": (random, maxDelay) => WebhookFault.redelivered({ after: upTo(random, maxDelay) }),
  "redelivered with a new time": (random, maxDelay) =>
    WebhookFault.redelivered({ after: upTo(random, maxDelay), newTimeStamp: true }),
  "altered": () => WebhookFault.altered,
  "aged": () => WebhookFault.aged(),
  "dated later": (random, maxDelay) => WebhookFault.datedLater(upTo(random, maxDelay))
} as const satisfies Record<string, Draw>

/** A kind of fault of a webhook that a seed brings about: those of `WebhookFault`, with their times drawn. */
export type WebhookFaultKind = keyof typeof table

/** All kinds. */
export const webhookFaultKinds: ReadonlyArray<WebhookFaultKind> = Struct.keys(table)

/** A count for each kind, of none so far. */
export const countFromZero = (): Record<WebhookFaultKind, number> => Record.map(table, () => 0)

/** Makes a fault of a kind, with its times drawn: up to a longest one, in milliseconds. */
export const drawWebhookFault = (
  kind: WebhookFaultKind,
  random: Draws,
  maxDelay: number
): WebhookFault.WebhookFault => table[kind](random, maxDelay)
