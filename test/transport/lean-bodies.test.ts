/**
 * How the transports of this package read the body of an answer: at once or as it comes, whole or broken off.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Fiber, Layer, Stream } from "effect"
import { HttpClient, HttpClientRequest } from "effect/http"
import { outcome, pairs, type Reading, readings, send } from "./lean.ts"
import {
  answer,
  bytes,
  chunk,
  eventually,
  finish,
  forever,
  head,
  lastChunk,
  pause,
  sequence,
  serve,
  silence,
  type Step
} from "./server.ts"

const endless = sequence(
  bytes(head(200, { "transfer-encoding": "chunked" })),
  forever(bytes(chunk(Buffer.alloc(1024 * 1024, "x"))))
)

const standstills: ReadonlyArray<readonly [name: string, step: Step]> = [
  ["before it begins to be answered", silence],
  ["while a short answer comes", sequence(bytes(`${head(200, { "content-length": 9 })}half`), silence)]
]

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

  it.live("reads an answer of which a chunk comes in two packets, the first together with another chunk", () =>
    Effect.gen(function*() {
      const [first, second] = [chunk("one "), chunk("two and a half")]
      const cut = sequence(
        bytes(
          Buffer.concat([Buffer.from(head(200, { "transfer-encoding": "chunked" })), first, second.subarray(0, 8)])
        ),
        pause(30),
        bytes(Buffer.concat([second.subarray(8), Buffer.from(lastChunk)]))
      )
      const server = yield* serve({ orders: () => cut })
      const request = HttpClientRequest.get(`${server.url}/v1/orders`)
      assert.strictEqual(yield* send(lean, request, ({ text }) => text), "one two and a half")
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

  it.live.each(standstills)(
    "closes the connection of a call that is interrupted %s",
    ([, step]) =>
      Effect.gen(function*() {
        const server = yield* serve({ orders: () => step })
        const request = HttpClientRequest.get(`${server.url}/v1/orders`)
        // Built once: a layer that is closed would close its connections too.
        const context = yield* Layer.build(lean)
        const call = HttpClient.HttpClient.use((client) => Effect.flatMap(client.execute(request), ({ text }) => text))
        const fiber = yield* Effect.forkChild(Effect.provide(call, context))
        assert.isTrue(yield* eventually(() => server.requests.length === 1))
        yield* Effect.sleep("20 millis")
        assert.strictEqual(server.connections().open, 1)
        yield* Fiber.interrupt(fiber)
        assert.isTrue(yield* eventually(() => server.connections().open === 0))
      })
  )

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
