/**
 * A transport that answers by script and remembers what it was asked.
 */
import { Effect, type Exit, Fiber, Layer, Redacted } from "effect"
import { HttpClient, HttpClientError, type HttpClientRequest, HttpClientResponse } from "effect/http"
import { TestClock } from "effect/testing"
import { FlexFactor, type Orders } from "../../src/index.ts"

/** A request as the transport got it. */
export interface Asked {
  readonly method: string
  readonly url: URL
  readonly token: string | undefined
  readonly contentType: string | undefined
  readonly body: string
}

export type Answer = Response | Effect.Effect<Response, HttpClientError.HttpClientError>

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

const isForToken = ({ url }: Asked): boolean => url.pathname.endsWith("/oauth2/token")

export interface Script {
  /** Every request but the ones for a token. */
  readonly asked: Array<Asked>
  /** The requests for a token. */
  readonly askedForToken: Array<Asked>
  readonly http: Layer.Layer<HttpClient.HttpClient>
}

/** Answers requests by `respond`, and requests for a token by `respondToken`: with a new token each, by default. */
export const makeScript = (respond: Respond, respondToken?: Respond): Script => {
  const asked: Array<Asked> = []
  const askedForToken: Array<Asked> = []
  const nextToken: Respond = () => json({ accessToken: `token-${askedForToken.length}`, expires: 600_000 })
  const client = HttpClient.make((request, url) =>
    Effect.suspend(() => {
      const one = askedOf(request, url)
      const forToken = isForToken(one)
      if (forToken) askedForToken.push(one)
      else asked.push(one)
      const answer = (forToken ? respondToken ?? nextToken : respond)(one, request)
      return Effect.map(
        Effect.isEffect(answer) ? answer : Effect.succeed(answer),
        (response) => HttpClientResponse.fromWeb(request, response)
      )
    })
  )
  return { asked, askedForToken, http: Layer.succeed(HttpClient.HttpClient, client) }
}

export const keyPair = { appKey: "key", appSecret: Redacted.make("secret") }

/** `Orders` in production over a script: nothing is refused for looking like real data. */
export const ordersOver = (script: Script, tuning: FlexFactor.Tuning = {}): Layer.Layer<Orders> =>
  FlexFactor.production({ ...keyPair, ...tuning }).pipe(Layer.orDie, Layer.provide(script.http))

/** Runs an effect while the test clock moves on by as much as it may need. */
export const whileTimePasses = Effect.fnUntraced(function*<A, E, R>(
  effect: Effect.Effect<A, E, R>,
  time: Parameters<typeof TestClock.adjust>[0] = "10 minutes"
): Effect.fn.Return<Exit.Exit<A, E>, never, R> {
  const fiber = yield* Effect.forkChild(Effect.exit(effect))
  yield* TestClock.adjust(time)
  return yield* Fiber.join(fiber)
})
