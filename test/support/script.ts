/**
 * A transport that answers by script and remembers what it was asked, and clients of the library on it.
 */
import { assert } from "@effect/vitest"
import { Effect, Layer, Redacted, Schedule } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { FlexFactor, type Orders, type OrdersError } from "../../src/index.ts"

/** A request as the transport got it. */
export interface Asked {
  readonly method: string
  readonly url: URL
  readonly token: string | undefined
  readonly contentType: string | undefined
  readonly body: string
}

/** A response as data, which can be given again: an object as JSON, and JSON unless the headers say otherwise. */
export interface Reply {
  readonly status?: number
  readonly body?: string | object
  readonly headers?: Readonly<Record<string, string>>
}

export type Answer = Response | Reply | Effect.Effect<Response | Reply, HttpClientError.HttpClientError>

export type Respond = (asked: Asked, request: HttpClientRequest.HttpClientRequest) => Answer

export const json = (body: unknown, init?: ResponseInit): Response => Response.json(body, init)

/** A failure of the transport with the code and the step that Node gives it. */
export const transportError = (request: HttpClientRequest.HttpClientRequest, code: string, syscall?: string) =>
  Effect.fail(
    new HttpClientError.HttpClientError({
      reason: new HttpClientError.TransportError({
        request,
        cause: Object.assign(new TypeError("fetch failed"), {
          cause: Object.assign(new Error(code), { code, ...(syscall === undefined ? {} : { syscall }) })
        })
      })
    })
  )

const askedOf = (request: HttpClientRequest.HttpClientRequest, url: URL): Asked => ({
  method: request.method,
  url,
  token: request.headers["authorization"],
  contentType: request.headers["content-type"],
  body: request.body._tag === "Uint8Array" ? new TextDecoder().decode(request.body.body) : ""
})

const responseOf = (answer: Response | Reply): Response => {
  if (answer instanceof Response) return answer
  const { body = null, headers, status = 200 } = answer
  const isWritten = body === null || typeof body === "string" || body instanceof Uint8Array
  return new Response(isWritten ? body as BodyInit | null : JSON.stringify(body), {
    status,
    headers: { "content-type": "application/json", ...headers }
  })
}

const isForToken = ({ url }: Asked): boolean => url.pathname.endsWith("/oauth2/token")

export interface Script {
  /** Every request. */
  readonly requests: Array<Asked>
  /** Every request but the ones for a token. */
  readonly asked: Array<Asked>
  /** The requests for a token. */
  readonly askedForToken: Array<Asked>
  readonly http: Layer.Layer<HttpClient.HttpClient>
}

/** Answers requests by `respond`, and requests for a token by `respondToken`: with a new token each, by default. */
export const makeScript = (respond: Respond, respondToken?: Respond): Script => {
  const requests: Array<Asked> = []
  const asked: Array<Asked> = []
  const askedForToken: Array<Asked> = []
  const nextToken: Respond = () => json({ accessToken: `token-${askedForToken.length}`, expires: 600_000 })
  const client = HttpClient.make((request, url) =>
    Effect.suspend(() => {
      const one = askedOf(request, url)
      const forToken = isForToken(one)
      requests.push(one)
      if (forToken) askedForToken.push(one)
      else asked.push(one)
      const answer = (forToken ? respondToken ?? nextToken : respond)(one, request)
      return Effect.map(
        Effect.isEffect(answer) ? answer : Effect.succeed(answer),
        (answer) => HttpClientResponse.fromWeb(request, responseOf(answer))
      )
    })
  )
  return { requests, asked, askedForToken, http: Layer.succeed(HttpClient.HttpClient, client) }
}

export const keyPair = { appKey: "key", appSecret: Redacted.make("secret") }

/** Options that send a held token and repeat nothing, so that one answer is the whole story. */
export const once = {
  environment: "sandbox",
  accessToken: Redacted.make("held-token"),
  retry: Schedule.recurs(0)
} as const

/** `Orders` in production over a script: nothing is refused for looking like real data. */
export const ordersOver = (script: Script, tuning: FlexFactor.Tuning = {}): Layer.Layer<Orders> =>
  FlexFactor.production({ ...keyPair, ...tuning }).pipe(Layer.orDie, Layer.provide(script.http))

/** The `Orders` service over a script: in the sandbox and with one attempt, unless the options say otherwise. */
export const makeOrders = (
  script: Script,
  options: FlexFactor.Options = once
): Effect.Effect<Orders["Service"]> => FlexFactor.make(options).pipe(Effect.orDie, Effect.provide(script.http))

/** The `Orders` service on a transport that gives one answer to everything. */
export const ordersAnsweredWith = (reply: Reply): Effect.Effect<Orders["Service"]> =>
  makeOrders(makeScript(() => reply))

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
