/**
 * Starts the server: against a simulated FlexFactor, or against the one that `FLEXFACTOR_ENVIRONMENT` names.
 *
 *   node --conditions=effect-flexfactor-source docs/examples/promise-server/main.ts
 *
 *   curl http://127.0.0.1:3000/orders/order-1/refunds -H "idempotency-key: ticket-1" -d '{ "amount": 19.99 }'
 */
import { Effect, ManagedRuntime } from "effect"
import { start } from "./server.ts"
import { live, liveEndpoint, orderIds, simulated, simulatedEndpoint } from "./services.ts"

const isLive = process.env["FLEXFACTOR_ENVIRONMENT"] !== undefined

// Once for the whole process: it holds the token, the journal, the inbox and the connections.
const runtime = isLive ? ManagedRuntime.make(live) : ManagedRuntime.make(simulated())
const endpoint = isLive ? await Effect.runPromise(liveEndpoint) : simulatedEndpoint

const port = Number(process.env["PORT"] ?? 3000)
const server = await start(runtime, { endpoint, port, resolveEvery: "1 minute" })
console.log(isLive ? server.url : `${server.url}, on a simulated FlexFactor with ${orderIds.join(", ")}`)

for (const signal of ["SIGTERM", "SIGINT"] as const) process.once(signal, () => void server.stop())
