/**
 * The transport that uses the least CPU on Node: undici's dispatcher, without what a short call does not need.
 * Everything works the same on any other `HttpClient`.
 *
 * It needs `@effect/platform-node`.
 */
import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
import * as Effect from "effect/Effect"
import * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import { dispatch } from "./internal/transport/dispatch.ts"
import { makeTransport } from "./internal/transport/transport.ts"

const make = Effect.gen(function*() {
  const dispatcher = yield* NodeHttpClient.Dispatcher
  return makeTransport((request) => dispatch(dispatcher, request), yield* NodeHttpClient.makeUndici)
})

/**
 * Provides the transport over an undici dispatcher that the program provides, such as one that goes through a proxy. It
 * opens no span, does not follow redirects, and sends nothing twice. An answer that comes in a stream, because no
 * length of up to 4 MiB was announced, holds its connection until it is read or its reading is interrupted;
 * `HttpClient.withScope` plays no part in that.
 *
 * @example
 * ```ts
 * import * as NodeHttpClient from "@effect/platform-node/NodeHttpClient"
 * import { Layer } from "effect"
 * import * as NodeTransport from "effect-flexfactor/NodeTransport"
 *
 * const transport = NodeTransport.layerNoDispatcher.pipe(
 *   Layer.provide(NodeHttpClient.layerDispatcherOptions({ connections: 64 }))
 * )
 * ```
 */
export const layerNoDispatcher: Layer.Layer<HttpClient.HttpClient, never, NodeHttpClient.Dispatcher> = Layer.effect(
  HttpClient.HttpClient,
  make
)

/**
 * Provides the transport, with connections of its own over HTTP/1.1 that are closed when the layer is.
 *
 * @example
 * ```ts
 * import { Layer, Redacted } from "effect"
 * import { FlexFactor } from "effect-flexfactor"
 * import * as NodeTransport from "effect-flexfactor/NodeTransport"
 *
 * const layer = FlexFactor.sandbox({
 *   appKey: "the merchant's sandbox key",
 *   appSecret: Redacted.make("the merchant's sandbox secret")
 * }).pipe(Layer.provide(NodeTransport.layer))
 * ```
 */
export const layer: Layer.Layer<HttpClient.HttpClient> = layerNoDispatcher.pipe(
  Layer.provide(NodeHttpClient.layerDispatcherOptions({ allowH2: false }))
)
