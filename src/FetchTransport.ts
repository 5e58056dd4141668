/**
 * The transport that uses the least CPU on `fetch`: it leaves out what a short call does not need. Everything works the
 * same on any other `HttpClient`.
 */
import * as Context from "effect/Context"
import * as Effect from "effect/Effect"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { fetchWith } from "./internal/transport/fetch.ts"
import { makeTransport } from "./internal/transport/transport.ts"

const make = Effect.map(HttpClient.HttpClient, (ordinary) =>
  makeTransport(
    (request) =>
      Effect.withFiber((fiber) =>
        fetchWith(
          fiber.getRef(FetchHttpClient.Fetch),
          Context.getOrUndefined(fiber.context, FetchHttpClient.RequestInit) ?? {},
          request
        )
      ),
    ordinary
  ))

/**
 * Provides the transport. `FetchHttpClient.Fetch` and `FetchHttpClient.RequestInit` apply to it as they do to
 * `FetchHttpClient.layer`. It opens no span. An answer that comes in a stream, because no length of up to 4 MiB was
 * announced, holds its connection until it is read or its reading is interrupted; `HttpClient.withScope` plays no part
 * in that.
 *
 * @example
 * ```ts
 * import { Layer, Redacted } from "effect"
 * import { FlexFactor } from "effect-flexfactor"
 * import * as FetchTransport from "effect-flexfactor/FetchTransport"
 *
 * const layer = FlexFactor.sandbox({
 *   appKey: "the merchant's sandbox key",
 *   appSecret: Redacted.make("the merchant's sandbox secret")
 * }).pipe(Layer.provide(FetchTransport.layer))
 * ```
 */
export const layer: Layer.Layer<HttpClient.HttpClient> = HttpClient.layerMergedContext(make).pipe(
  Layer.provide(FetchHttpClient.layer)
)
