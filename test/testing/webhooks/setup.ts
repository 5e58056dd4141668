/**
 * A simulator whose webhooks are on, and ways to look at what it delivers.
 */
import { DateTime, Effect } from "effect"
import { Cents, OrderId, Orders, Webhook } from "../../../src/index.ts"
import { Fault, FlexFactorSimulator, type SignedWebhook } from "../../../src/testing/index.ts"
import { host, key } from "../../webhook/deliveries.ts"

export const id = OrderId.make("00000000-0000-4000-8000-000000000001")
export const otherId = OrderId.make("00000000-0000-4000-8000-000000000002")
export const cents = (amount: number) => Cents.make(amount)
export const webhooks: FlexFactorSimulator.Webhooks = { key, host }

const orders = [{ id, amount: cents(5000) }, { id: otherId, amount: cents(5000) }]

type Options = Parameters<typeof FlexFactorSimulator.layer>[0]

export const layer = (changes: Partial<FlexFactorSimulator.Webhooks> = {}, options: Options = {}) =>
  FlexFactorSimulator.layer({ orders, webhooks: { ...webhooks, ...changes }, ...options })

/** A simulator with two orders of 50 dollars, whose webhooks are on. */
export const reporting = (changes?: Partial<FlexFactorSimulator.Webhooks>, options?: Options) =>
  Effect.provide(layer(changes, options))

export const simulator = FlexFactorSimulator.FlexFactorSimulator

export const take = simulator.use(({ takeWebhooks }) => takeWebhooks)

/** Refunds an order through the API. */
export const refund = Effect.fnUntraced(function*(amount: number, orderId = id) {
  const orders = yield* Orders
  return yield* orders.refund(orderId, { amount: cents(amount) })
})

/** Refunds an order through the API, whereupon FlexFactor acts minutes after it broke the connection. */
export const refundLate = Effect.fnUntraced(function*(amount: number, minutes: number, orderId = id) {
  const { failNext } = yield* simulator
  yield* failNext("Orders.refund", Fault.connectionLost({ serverActs: true, after: `${minutes} minutes` }))
  return yield* Effect.flip(refund(amount, orderId))
})

/** The event in a delivery, once its signature is found right, however old it is. */
export const read = (webhook: SignedWebhook) =>
  Effect.flatMap(Webhook.verify(webhook, { key, host, tolerance: "365 days" }), ({ body }) => Webhook.decode(body))

/** The event as it is on the wire. */
export const wire = ({ body }: SignedWebhook): Record<string, unknown> => JSON.parse(new TextDecoder().decode(body))

export const nonceOf = ({ headers }: SignedWebhook): string => headers["x-fc-nonce"] ?? ""

/** The events of some deliveries: their name, the second at which they happened, and whether they are resent. */
export const eventsOf = (taken: ReadonlyArray<SignedWebhook>) =>
  Effect.forEach(
    taken,
    (webhook) =>
      Effect.map(read(webhook), (event) =>
        `${event.event} ${DateTime.toEpochMillis(event.at) / 1000}${event.isResent === true ? " resent" : ""}`)
  )

/** The events that came by now and were not looked at before. */
export const events = Effect.flatMap(take, eventsOf)
