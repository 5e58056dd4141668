/**
 * What is particular to one of the transports of this package: what `fetch` takes and gives, and a dispatcher of undici.
 */
import { NodeHttpClient } from "@effect/platform-node"
import * as Undici from "@effect/platform-node/Undici"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FetchHttpClient, HttpClient, HttpClientRequest } from "effect/http"
import * as FetchTransport from "../../src/FetchTransport.ts"
import * as NodeTransport from "../../src/NodeTransport.ts"
import { outcome, send } from "./lean.ts"
import { answer, bytes, chunk, head, lastChunk, sequence, serve } from "./server.ts"

describe("FetchTransport", () => {
  const headers: ReadonlyArray<readonly [name: string, headers: HeadersInit]> = [
    ["as an object", { "x-note": "1", "accept": "text/plain" }],
    ["in pairs", [["x-note", "1"], ["x-note", "2"]]],
    ["as Headers", new Headers({ "x-note": "1" })],
    // @ts-expect-error -- programs without types pass on what is not set
    ["one of them not set", { "x-note": undefined, "x-other": "1" }]
  ]

  it.live.each(headers)(
    "sends the headers of the program as an ordinary transport does: %s",
    ([, headers]) =>
      Effect.gen(function*() {
        const server = yield* serve({ orders: () => answer(200, "ok") })
        const request = HttpClientRequest.get(`${server.url}/v1/orders`, { headers: { accept: "application/json" } })
        const untraced = Layer.mergeAll(
          Layer.succeed(HttpClient.TracerPropagationEnabled, false),
          Layer.succeed(FetchHttpClient.RequestInit, { headers })
        )
        for (const transport of [FetchTransport.layer, FetchHttpClient.layer]) {
          yield* send(Layer.merge(transport, untraced), request, ({ text }) => text)
        }
        const [lean, ordinary] = server.requests
        assert.isDefined(lean)
        assert.deepStrictEqual({ ...lean, nthOnConnection: 0 }, { ...ordinary, nthOnConnection: 0 })
      })
  )

  const answeredBy = (fetch: () => Response) =>
    outcome(
      Layer.merge(FetchTransport.layer, Layer.succeed(FetchHttpClient.Fetch, () => Promise.resolve(fetch()))),
      HttpClientRequest.get("https://api.test/v1/orders"),
      ({ text }) => text
    )

  it.effect("reads what a `fetch` without streams gives", () =>
    Effect.gen(function*() {
      const withoutStream = () => {
        const response = new Response("{}", { headers: { "content-length": "2" } })
        return Object.defineProperty(response, "body", { value: undefined })
      }
      assert.strictEqual(yield* answeredBy(withoutStream), "{}")
    }))

  it.effect("fails where a `fetch` gives something else than bytes", () =>
    Effect.gen(function*() {
      const ofText = () => {
        // @ts-expect-error -- a body of strings, as programs without types may make one
        const body: ReadableStream<Uint8Array<ArrayBuffer>> = ReadableStream.from(["{}"])
        return new Response(body, { headers: { "content-length": "2" } })
      }
      assert.deepStrictEqual(yield* answeredBy(ofText), { failed: "DecodeError" })
    }))
})

/** Announces another length than what comes, as a dispatcher that unpacks a body may. */
// oxlint-disable-next-line import/namespace -- it is there, by way of undici
class WrongLength extends Undici.Agent {
  override dispatch(options: Undici.Dispatcher.DispatchOptions, handler: Undici.Dispatcher.DispatchHandler): boolean {
    return super.dispatch(options, {
      onRequestStart: (controller, context: unknown) => handler.onRequestStart?.(controller, context),
      onResponseStart: (controller, status, headers) =>
        handler.onResponseStart?.(controller, status, { ...headers, "content-length": "2" }),
      onResponseData: (controller, chunk) => handler.onResponseData?.(controller, chunk),
      onResponseEnd: (controller, trailers) => handler.onResponseEnd?.(controller, trailers),
      onResponseError: (controller, error) => handler.onResponseError?.(controller, error)
    })
  }
}

describe("NodeTransport", () => {
  it.live.each([205, 700])(
    "keeps the odd status %i of an answer of unknown length",
    (status) =>
      Effect.gen(function*() {
        const body = Buffer.concat([chunk("odd"), Buffer.from(lastChunk)])
        const odd = sequence(bytes(head(status, { "transfer-encoding": "chunked" })), bytes(body))
        const server = yield* serve({ orders: () => odd })
        const request = HttpClientRequest.get(`${server.url}/v1/orders`)
        const read = yield* send(
          NodeTransport.layer,
          request,
          (response) => Effect.map(response.text, (text) => [response.status, text])
        )
        assert.deepStrictEqual(read, [status, "odd"])
      })
  )

  it.live("takes no more of a body than a dispatcher announced", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => answer(200, "long") })
      const dispatcher = Layer.effect(
        NodeHttpClient.Dispatcher,
        Effect.acquireRelease(Effect.sync(() => new WrongLength()), (agent) => Effect.promise(() => agent.destroy()))
      )
      const lean = Layer.provide(NodeTransport.layerNoDispatcher, dispatcher)
      const request = HttpClientRequest.get(`${server.url}/v1/orders`)
      assert.deepStrictEqual(yield* outcome(lean, request, ({ text }) => text), { failed: "DecodeError" })
    }))
})
