/**
 * A client of the library on a transport that a test answers itself.
 */
import { assert } from "@effect/vitest"
import { Effect, Redacted, Schedule } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { FlexFactor, type Orders, type OrdersError } from "../../src/index.ts"

/** A request as it left the client. */
export interface SentRequest {
  readonly method: string
  readonly url: string
  readonly authorization: string | undefined
  readonly body: string
}

/** What a test answers: a text or bytes, as JSON unless the headers say otherwise. */
export interface Answer {
  readonly status?: number
  readonly body?: string | Uint8Array<ArrayBuffer>
  readonly headers?: Readonly<Record<string, string>>
}

/** A transport that answers every request with what `answer` makes of it, and remembers the requests. */
export const makeTransport = (answer: (request: SentRequest) => Answer) => {
  const requests: Array<SentRequest> = []
  const http = HttpClient.make((request, url) =>
    Effect.sync(() => {
      const body = request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
      const sent = { method: request.method, url: url.href, authorization: request.headers["authorization"], body }
      requests.push(sent)
      const { body: text, headers, status = 200 } = answer(sent)
      return HttpClientResponse.fromWeb(
        request,
        new Response(text ?? null, { status, headers: { "content-type": "application/json", ...headers } })
      )
    })
  )
  return { http, requests }
}

/** Options that send a held token and repeat nothing, so that one answer is the whole story. */
export const once = {
  environment: "sandbox",
  accessToken: Redacted.make("held-token"),
  retry: Schedule.recurs(0)
} as const

/** The `Orders` service on a transport that gives one answer to everything. */
export const ordersAnsweredWith = (
  answer: Answer,
  options: FlexFactor.Options = once
): Effect.Effect<Orders["Service"]> =>
  FlexFactor.make(options).pipe(
    Effect.provideService(HttpClient.HttpClient, makeTransport(() => answer).http),
    Effect.orDie
  )

/** A body as JSON text. */
export const json = (body: unknown): string => JSON.stringify(body)

/** An operation, with whatever it can fail with. */
export type Run = (orders: Orders["Service"]) => Effect.Effect<unknown, OrdersError.OrdersError>

/** The error under its own type, once its tag is the expected one. */
export const tagged = <E extends OrdersError.OrdersError, Tag extends E["_tag"]>(
  error: E,
  tag: Tag
): Extract<E, { readonly _tag: Tag }> => {
  assert.strictEqual(error._tag, tag)
  return error as Extract<E, { readonly _tag: Tag }>
}
