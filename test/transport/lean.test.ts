/**
 * The transports of this package are ordinary ones: what another `HttpClient` does with a request, they do too.
 */
import { NodeHttpClient } from "@effect/platform-node"
import * as Undici from "@effect/platform-node/Undici"
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Stream } from "effect"
import { FetchHttpClient, HttpBody, HttpClient, HttpClientRequest, type HttpClientResponse } from "effect/http"
import * as FetchTransport from "../../src/FetchTransport.ts"
import * as NodeTransport from "../../src/NodeTransport.ts"
import type { Transport } from "./client.ts"
import {
  answer,
  bytes,
  chunk,
  eventually,
  finish,
  forever,
  head,
  lastChunk,
  sequence,
  serve,
  silence,
  type Step
} from "./server.ts"

const pairs: ReadonlyArray<readonly [name: string, lean: Transport, ordinary: Transport]> = [
  ["FetchTransport", FetchTransport.layer, FetchHttpClient.layer],
  ["NodeTransport", NodeTransport.layer, NodeHttpClient.layerUndici]
]

const cookies = "set-cookie: a=1; Path=/\r\nset-cookie: b=2\r\n"

const withCookies = (step: string): Step => bytes(step.replace("\r\n", `\r\n${cookies}`))

const form = "--x\r\nContent-Disposition: form-data; name=\"note\"\r\n\r\nparty\r\n--x--\r\n"

const answers: ReadonlyArray<readonly [name: string, answer: Step]> = [
  ["JSON", answer(200, { a: "日本" })],
  [
    "JSON in chunks",
    sequence(bytes(head(200, { "transfer-encoding": "chunked" })), bytes(chunk("{\"a\":1}")), bytes(lastChunk))
  ],
  ["text after a byte order mark", answer(200, "\uFEFFtext")],
  ["a text so long that it comes in pieces, which break its characters", answer(200, `a${"日".repeat(200_000)}`)],
  ["an empty body", answer(200)],
  ["no content", bytes(head(204, {}))],
  ["an error with cookies", withCookies(`${head(500, { "content-length": 2 })}no`)],
  ["parameters", answer(200, "a=1&b=2&a=3")],
  [
    "bytes that are no UTF-8",
    sequence(bytes(head(200, { "content-type": "text/csv", "content-length": 2 })), bytes(Buffer.from([0xe9, 0x2c])))
  ],
  ["a form", answer(200, form, { "content-type": "multipart/form-data; boundary=x" })],
  ["early hints before it", sequence(bytes("HTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"), answer(200, "after"))]
]

type Reading = (response: HttpClientResponse.HttpClientResponse) => Effect.Effect<unknown, unknown>

const readings: ReadonlyArray<readonly [name: string, reading: Reading]> = [
  [
    "the head",
    ({ cookies, headers, status, url }) => Effect.succeed({ status, url, headers: { ...headers }, cookies })
  ],
  ["arrayBuffer", (response) => Effect.map(response.arrayBuffer, (buffer) => Buffer.from(buffer).toString("hex"))],
  ["text", (response) => response.text],
  ["json", (response) => response.json],
  ["urlParamsBody", (response) => response.urlParamsBody],
  ["formData", (response) => Effect.map(response.formData, (form) => [...form])],
  ["upgrade", (response) => response.upgrade],
  ["stream", (response) => Stream.mkString(Stream.decodeText(response.stream))]
]

const send = (transport: Transport, request: HttpClientRequest.HttpClientRequest, reading: Reading) =>
  HttpClient.HttpClient.use((client) => Effect.flatMap(client.execute(request), reading)).pipe(
    Effect.provide(transport)
  )

/** What a reading comes to: the value, or what kind of error. An ordinary transport has no stream of an empty body. */
const outcome = (transport: Transport, request: HttpClientRequest.HttpClientRequest, reading: Reading) =>
  send(transport, request, reading).pipe(
    Effect.catch((error) => {
      const reason = error instanceof Object && "reason" in error && error.reason instanceof Object ? error.reason : {}
      const tag = "_tag" in reason ? reason._tag : error
      return Effect.succeed(tag === "EmptyBodyError" ? "" : { failed: tag })
    })
  )

describe.each(pairs)("%s reads what an ordinary transport reads", (_, lean, ordinary) => {
  for (const [name, step] of answers) {
    it.live(`of ${name}`, () =>
      Effect.gen(function*() {
        const server = yield* serve({ orders: () => step })
        const request = HttpClientRequest.get(`${server.url}/v1/orders#hash`)
        for (const [how, reading] of readings) {
          const expected = yield* outcome(ordinary, request, reading)
          assert.deepStrictEqual(yield* outcome(lean, request, reading), expected, how)
        }
      }))
  }

  it.live("of the answer to a HEAD", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => bytes(head(200, { "content-length": 5 })) })
      const request = HttpClientRequest.head(`${server.url}/v1/orders`)
      assert.strictEqual(yield* send(lean, request, (response) => response.text), "")
    }))
})

describe.each(pairs)("%s sends what an ordinary transport sends", (_, lean, ordinary) => {
  const requests = (url: string): ReadonlyArray<readonly [name: string, HttpClientRequest.HttpClientRequest]> => [
    ["parameters and a hash", HttpClientRequest.get(`${url}?a=1#x`, { urlParams: { b: "ü" } })],
    ["headers", HttpClientRequest.get(url, { headers: { "X-Note": "1", accept: "text/plain" } })],
    ["a text", HttpClientRequest.post(url, { body: HttpBody.text("日本", "text/plain") })],
    ["an empty body", HttpClientRequest.post(url, { body: HttpBody.text("", "text/plain") })],
    ["no body", HttpClientRequest.delete(url)],
    ["a stream", HttpClientRequest.put(url, { body: HttpBody.stream(Stream.make(Buffer.from("streamed"))) })]
  ]

  it.live("of every kind of request", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => answer(200, "ok") })
      const receivedOf = Effect.fnUntraced(
        function*(transport: Transport, request: HttpClientRequest.HttpClientRequest) {
          const before = server.requests.length
          const untraced = Layer.merge(transport, Layer.succeed(HttpClient.TracerPropagationEnabled, false))
          assert.strictEqual(yield* send(untraced, request, ({ text }) => text), "ok")
          return { ...server.requests[before], nthOnConnection: 0 }
        }
      )
      for (const [name, request] of requests(`${server.url}/v1/orders`)) {
        assert.deepStrictEqual(yield* receivedOf(lean, request), yield* receivedOf(ordinary, request), name)
      }
    }))

  it.live("of a request to upgrade the connection", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => bytes(head(101, { connection: "upgrade", upgrade: "x" })) })
      const request = HttpClientRequest.get(`${server.url}/v1/orders`, { headers: { upgrade: "x" } })
      const reading: Reading = ({ status }) => Effect.succeed(status)
      assert.deepStrictEqual(yield* outcome(lean, request, reading), yield* outcome(ordinary, request, reading))
    }))

  it.live("and nothing where there is no URL", () =>
    Effect.gen(function*() {
      const request = HttpClientRequest.get("not a url")
      const expected = yield* outcome(ordinary, request, ({ text }) => text)
      assert.deepStrictEqual(expected, { failed: "InvalidUrlError" })
      assert.deepStrictEqual(yield* outcome(lean, request, ({ text }) => text), expected)
    }))
})

const endless = sequence(
  bytes(head(200, { "transfer-encoding": "chunked" })),
  forever(bytes(chunk(Buffer.alloc(1024 * 1024, "x"))))
)

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

describe.each(pairs)("%s", (transport, lean) => {
  it.live("hands over an answer of unknown length as it comes, and closes the connection when it is left", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => endless })
      const request = HttpClientRequest.get(`${server.url}/v1/orders`)
      const read = yield* send(
        lean,
        request,
        ({ stream }) => Stream.runCount(Stream.flattenIterable(Stream.take(stream, 3)))
      )
      assert.isAbove(Number(read), 0)
      assert.isTrue(yield* eventually(() => server.connections().open === 0))
      assert.isBelow(server.bytesSent(), 64 * 1024 * 1024)
    }))

  it.live("does not read on while nobody reads", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => endless })
      const request = HttpClientRequest.get(`${server.url}/v1/orders`)
      yield* send(lean, request, ({ stream }) =>
        Stream.runDrain(Stream.take(
          Stream.tap(stream, () => Effect.sleep("100 millis")),
          3
        )))
      assert.isBelow(server.bytesSent(), 64 * 1024 * 1024)
    }))

  it.live("keeps long answers that come at the same time apart, and short ones after long ones", () =>
    Effect.gen(function*() {
      const texts = ["1", "2", "3", "4"].flatMap((digit) =>
        [900_000, 200_000, 20].map((length) => digit.repeat(length))
      )
      const server = yield* serve({ orders: (_, nth) => answer(200, texts[nth]) })
      const request = HttpClientRequest.get(`${server.url}/v1/orders`)
      const read = yield* Effect.forEach(texts, () => send(lean, request, ({ text }) => text), {
        concurrency: "unbounded"
      })
      assert.deepStrictEqual(read.map(String).sort(), texts.sort())
    }))

  it.live("says with the answer that its body broke off", () =>
    Effect.gen(function*() {
      const server = yield* serve({
        orders: () => sequence(bytes(`${head(200, { "content-length": 9 })}half`), finish)
      })
      const request = HttpClientRequest.get(`${server.url}/v1/orders`)
      const status = yield* send(lean, request, (response) => Effect.succeed(response.status))
      assert.strictEqual(status, 200)
      const outcomes = yield* Effect.forEach(
        readings.filter(([name]) => name !== "the head"),
        ([, reading]) => outcome(lean, request, reading)
      )
      assert.deepStrictEqual(
        new Set(outcomes.map((value) => JSON.stringify(value))),
        new Set(["{\"failed\":\"DecodeError\"}"])
      )
    }))

  it.live("closes the connection of a call that is interrupted before it begins to be answered", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => silence })
      const request = HttpClientRequest.get(`${server.url}/v1/orders`)
      const fiber = yield* Effect.forkChild(send(lean, request, ({ text }) => text))
      assert.isTrue(yield* eventually(() => server.requests.length === 1))
      yield* Fiber.interrupt(fiber)
      assert.isTrue(yield* eventually(() => server.connections().open === 0))
    }))

  it.live("closes the connection of an answer that comes as it is read, where a reading of it is interrupted", () =>
    Effect.gen(function*() {
      // Built once: a layer that is closed would close its connections too.
      const context = yield* Layer.build(lean)
      const heads = [{ "transfer-encoding": "chunked" }, { "content-length": 5 * 1024 * 1024 }]
      for (const fields of heads) {
        const server = yield* serve({
          orders: () => sequence(bytes(head(200, fields)), bytes(chunk("begun")), silence)
        })
        const request = HttpClientRequest.get(`${server.url}/v1/orders`)
        for (const [name, reading] of readings.filter(([name]) => name !== "the head" && name !== "upgrade")) {
          let isReading = false
          const read: Reading = (response) =>
            Effect.andThen(Effect.sync(() => isReading = true), Effect.asVoid(reading(response)))
          const call = HttpClient.HttpClient.use((client) => Effect.flatMap(client.execute(request), read))
          const fiber = yield* Effect.forkChild(Effect.provide(call, context))
          assert.isTrue(yield* eventually(() => isReading), name)
          yield* Effect.sleep("20 millis")
          assert.strictEqual(server.connections().open, 1, name)
          yield* Fiber.interrupt(fiber)
          assert.isTrue(yield* eventually(() => server.connections().open === 0), name)
        }
      }
    }))

  it.live("tells the status of an answer whose body cannot be read as asked", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => answer(502, "<html>") })
      const request = HttpClientRequest.get(`${server.url}/v1/orders`)
      const error = yield* Effect.flip(
        HttpClient.HttpClient.use((client) => Effect.flatMap(client.execute(request), ({ json }) => json)).pipe(
          Effect.provide(lean)
        )
      )
      assert.strictEqual(error.response?.status, 502)
    }))

  it.live.each([205, 700])("reads the body of an answer with the odd status %i", (status) =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => answer(status, "odd") })
      const request = HttpClientRequest.get(`${server.url}/v1/orders`)
      const read = yield* send(
        lean,
        request,
        (response) => Effect.map(response.text, (text) => [response.status, text])
      )
      // To `fetch`, a 205 has no body.
      assert.deepStrictEqual(read, [status, transport === "FetchTransport" && status === 205 ? "" : "odd"])
    }))

  it.live("shows an answer without its body", () =>
    Effect.gen(function*() {
      const server = yield* serve({ orders: () => answer(200, { name: "kept quiet" }) })
      const request = HttpClientRequest.get(`${server.url}/v1/orders`)
      const shown = yield* send(lean, request, (response) => Effect.succeed(JSON.stringify(response)))
      assert.notInclude(String(shown), "undefined")
      assert.include(String(shown), "\"status\":200")
    }))
})
