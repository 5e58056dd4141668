/**
 * stripe-node, the payments client that others are measured by. The server answers its paths with FlexFactor's bodies.
 */
import { Stripe } from "stripe"
import { accessToken, refundCents } from "../calls/bodies.ts"
import { deadline, fromPromises, type Open, orderId } from "../calls/client.ts"

export const open: Open = async (baseUrl) => {
  const { hostname, port } = new URL(baseUrl)
  const stripe = new Stripe(accessToken, { host: hostname, port, protocol: "http", timeout: deadline })

  return fromPromises({
    get: async () => (await stripe.charges.retrieve(orderId)).id,
    refund: async () => {
      const refund = await stripe.refunds.create({
        charge: orderId,
        amount: refundCents,
        reason: "requested_by_customer"
      })
      return refund.status === "SUCCESS"
    },
    list: async (limit) => (await stripe.charges.list({ limit })).data.length
  })
}
