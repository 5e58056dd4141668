/**
 * What the tests of the lean transports share: each beside the ordinary one, and the ways in which an answer is read.
 */
import { NodeHttpClient } from "@effect/platform-node"
import { Effect, Stream } from "effect"
import { FetchHttpClient, HttpClient, type HttpClientRequest, type HttpClientResponse } from "effect/http"
import * as FetchTransport from "../../src/FetchTransport.ts"
import * as NodeTransport from "../../src/NodeTransport.ts"
import type { Transport } from "./client.ts"

export const pairs: ReadonlyArray<readonly [name: string, lean: Transport, ordinary: Transport]> = [
  ["FetchTransport", FetchTransport.layer, FetchHttpClient.layer],
  ["NodeTransport", NodeTransport.layer, NodeHttpClient.layerUndici]
]

export type Reading = (response: HttpClientResponse.HttpClientResponse) => Effect.Effect<unknown, unknown>

export const readings: ReadonlyArray<readonly [name: string, reading: Reading]> = [
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

export const send = (transport: Transport, request: HttpClientRequest.HttpClientRequest, reading: Reading) =>
  HttpClient.HttpClient.use((client) => Effect.flatMap(client.execute(request), reading)).pipe(
    Effect.provide(transport)
  )

/** What a reading comes to: the value, or what kind of error. An ordinary transport has no stream of an empty body. */
export const outcome = (transport: Transport, request: HttpClientRequest.HttpClientRequest, reading: Reading) =>
  send(transport, request, reading).pipe(
    Effect.catch((error) => {
      const reason = error instanceof Object && "reason" in error && error.reason instanceof Object ? error.reason : {}
      const tag = "_tag" in reason ? reason._tag : error
      return Effect.succeed(tag === "EmptyBodyError" ? "" : { failed: tag })
    })
  )
