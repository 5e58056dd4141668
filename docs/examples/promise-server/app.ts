/**
 * The application: handlers that take a `Request` and promise a `Response`, as in Hono, Bun, Deno and Next.js.
 *
 * | request | what it does |
 * | --- | --- |
 * | `POST /orders/:id/refunds` | refunds; the header `Idempotency-Key` names the intention |
 * | `GET /refunds?key=...` | what the journal knows of a refund |
 * | `GET /orders/:id` | the status of an order |
 * | `POST /webhooks/flexfactor` | keeps what FlexFactor reports, for the handlers in services.ts |
 *
 * Who may refund is a matter of the server around it; a webhook has to be signed by FlexFactor. Where clients choose keys
 * independently of each other, put the name of the client in front of its key.
 */
import { Effect, Layer, type ManagedRuntime, Option, Result, Schema } from "effect"
import {
  Cents,
  CentsFromDollars,
  OrderId,
  Orders,
  RefundJournal,
  RefundKey,
  Refunds,
  type Webhook,
  type WebhookInbox,
  WebhookRoute
} from "effect-flexfactor"
import { answerToError, answerToReceipt, json } from "./answers.ts"

/** What the handlers need. A runtime that has more, such as a simulator, serves as well. */
export type Services = Orders | Refunds.Refunds | RefundJournal.RefundJournal | WebhookInbox.WebhookInbox
export type Runtime = ManagedRuntime.ManagedRuntime<Services, unknown>

export type Handler = (request: Request) => Promise<Response>

/** The application: it answers requests, until it is disposed of. Its runtime comes after it. */
export interface App {
  readonly handler: Handler
  readonly dispose: () => Promise<void>
}

/** What a client sends to have an order refunded. The amount is in dollars: `{ "amount": 19.99 }`. */
const readRefund = Schema.decodeUnknownResult(Schema.Struct({
  "idempotency-key": RefundKey,
  orderId: OrderId,
  body: Schema.fromJsonString(Schema.Struct({
    amount: CentsFromDollars,
    message: Schema.optionalKey(Schema.String)
  }))
}))

const readOrderId = Schema.decodeUnknownResult(OrderId)
const readKey = Schema.decodeUnknownResult(RefundKey)

const badRequest = ({ message }: Schema.SchemaError): Response =>
  json(400, { outcome: "refused", reason: "BadRequest", message })

const notFound = (): Response => json(404, { reason: "NotFound" })

/**
 * Refunds an order. It does not pass on `request.signal`: a client that hangs up still wants its refund. (Passed on, the
 * signal would end the wait, not the refund: what was sent is finished and written down all the same.)
 */
const refundOrder = (runtime: Runtime) => async (request: Request, id: string): Promise<Response> => {
  const input = readRefund({
    "idempotency-key": request.headers.get("idempotency-key"),
    orderId: id,
    body: await request.text()
  })
  if (Result.isFailure(input)) return badRequest(input.failure)
  const { body, "idempotency-key": key, orderId } = input.success

  const result = await runtime.runPromise(
    Refunds.Refunds.use((refunds) => refunds.refund({ key, orderId, ...body })).pipe(
      Effect.tapError((error) => Effect.logWarning(error.message)),
      Effect.result
    )
  )
  return Result.isSuccess(result) ? answerToReceipt(result.success) : answerToError(result.failure)
}

/** Shows what the journal knows of a refund. */
const showRefund = (runtime: Runtime) => async (request: Request): Promise<Response> => {
  const key = readKey(new URL(request.url).searchParams.get("key"))
  if (Result.isFailure(key)) return badRequest(key.failure)

  const result = await runtime.runPromise(
    Effect.result(RefundJournal.RefundJournal.use((journal) => journal.find(key.success))),
    { signal: request.signal }
  )
  if (Result.isFailure(result)) return answerToError(result.failure)
  return Option.match(result.success, {
    onNone: notFound,
    onSome: ({ amount, orderId, state }) => json(200, { state, orderId, amount: Cents.toDollars(amount) })
  })
}

/** Shows the status of an order. What only reads may end when the client hangs up, so the signal is passed on. */
const showOrder = (runtime: Runtime) => async (request: Request, id: string): Promise<Response> => {
  const orderId = readOrderId(id)
  if (Result.isFailure(orderId)) return badRequest(orderId.failure)

  const result = await runtime.runPromise(
    Effect.result(Orders.use((orders) => orders.get(orderId.success))),
    { signal: request.signal }
  )
  return Result.match(result, {
    onSuccess: ({ id, status }) => json(200, { id, status }),
    onFailure: answerToError
  })
}

/** Makes the application on a runtime that lives as long as the server, and an endpoint for FlexFactor's webhooks. */
export const makeApp = (runtime: Runtime, endpoint: Webhook.Options): App => {
  // With what the runtime has built: its inbox is where its own handlers look.
  const webhooks = WebhookRoute.toWebHandler(endpoint, Layer.effectContext(runtime.contextEffect))

  const routes: ReadonlyArray<readonly [string, RegExp, (request: Request, id: string) => Promise<Response>]> = [
    ["POST", /^\/orders\/([^/]+)\/refunds$/, refundOrder(runtime)],
    ["GET", /^\/refunds$/, showRefund(runtime)],
    ["GET", /^\/orders\/([^/]+)$/, showOrder(runtime)],
    ["POST", /^\/webhooks\/flexfactor$/, webhooks.handler]
  ]

  const handler: Handler = async (request) => {
    const { pathname } = new URL(request.url)
    for (const [method, pattern, handle] of routes) {
      const match = request.method === method ? pattern.exec(pathname) : null
      if (match === null) continue
      try {
        return await handle(request, match[1] ?? "")
      } catch (error) {
        // A defect, or a client that hung up. The journal knows what became of a refund: ask again with its key.
        if (!request.signal.aborted) console.error(error)
        return json(500, { reason: "InternalServerError" })
      }
    }
    return notFound()
  }
  return { handler, dispose: webhooks.dispose }
}
