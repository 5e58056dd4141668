/**
 * What the types of the package hold a program to. Where they do not resolve they are `any`, and the expected errors are
 * missing.
 */
import { Effect, Layer, Redacted } from "effect"
import { Cents, FlexFactor, OrderId, Orders, type RefundError, type RefundReceipt } from "effect-flexfactor"
import type { RefundEntry } from "effect-flexfactor/RefundEntry"
import type { FlexFactorSimulator } from "effect-flexfactor/testing"
import { FetchHttpClient, type HttpClient } from "effect/http"

const id = OrderId.make("e97b1ff1-4449-46da-bc6c-a76d23f16353")

export const refund: Effect.Effect<RefundReceipt, RefundError, Orders> = Orders.use((orders) =>
  orders.refund(id, { amount: Cents.make(1999) })
)

// @ts-expect-error: a number is not an amount.
export const number: Cents = 1999

// @ts-expect-error: an id needs its brand.
export const text: OrderId = "e97b1ff1-4449-46da-bc6c-a76d23f16353"

export const handled: Effect.Effect<
  RefundReceipt | "in doubt",
  Exclude<RefundError, { _tag: "RefundOutcomeUnknown" }>,
  Orders
> = Effect.catchTag(refund, "RefundOutcomeUnknown", ({ doubt }) => {
  // @ts-expect-error: no such doubt.
  if (doubt === "bad luck") return Effect.die(doubt)
  return Effect.succeed("in doubt" as const)
})

export const open: Layer.Layer<Orders, unknown, HttpClient.HttpClient> = FlexFactor.sandbox({
  appKey: "key",
  appSecret: Redacted.make("secret")
})

export const closed: Layer.Layer<Orders, unknown> = Layer.provide(open, FetchHttpClient.layer)

// The transport is missing.
export const isClosed: typeof open extends Layer.Layer<Orders, unknown> ? true : false = false

// @ts-expect-error: a state that no entry has.
export const state: RefundEntry["state"] = "lost"

// @ts-expect-error: a control that the simulator does not have.
export type Control = FlexFactorSimulator.FlexFactorSimulator["Service"]["explode"]
