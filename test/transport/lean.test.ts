/**
 * The transports of this package are ordinary ones: what another `HttpClient` does with a request, they do too.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer, Stream } from "effect"
import { HttpBody, HttpClient, HttpClientRequest } from "effect/http"
import type { Transport } from "./client.ts"
import { outcome, pairs, type Reading, readings, send } from "./lean.ts"
import { answer, bytes, chunk, head, lastChunk, sequence, serve, type Step } from "./server.ts"

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
