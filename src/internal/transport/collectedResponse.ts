/**
 * An answer that was read to its end before the program gets it, or as far as it came.
 */
import * as Effect from "effect/Effect"
import * as Cookies from "effect/http/Cookies"
import type * as Headers from "effect/http/Headers"
import * as HttpClientError from "effect/http/HttpClientError"
import type * as HttpClientRequest from "effect/http/HttpClientRequest"
import * as HttpClientResponse from "effect/http/HttpClientResponse"
import * as HttpIncomingMessage from "effect/http/HttpIncomingMessage"
import * as Inspectable from "effect/Inspectable"
import * as Option from "effect/Option"
import { type Pipeable, pipeArguments } from "effect/Pipeable"
import * as Stream from "effect/Stream"
import type { Chunks } from "./chunks.ts"
import { hasWebStatus } from "./transport.ts"

type Read<A> = Effect.Effect<A, HttpClientError.HttpClientError>

export interface Collected {
  readonly request: HttpClientRequest.HttpClientRequest
  readonly url: string
  readonly status: number
  readonly headers: Headers.Headers
  readonly setCookie: () => ReadonlyArray<string>
  /** The whole body, or why it did not come to its end. */
  readonly body: { readonly chunks: Chunks } | { readonly cause: unknown }
}

/** The status, which reading errors show, where a web `Response` can have it. */
const shownStatus = (status: number): { readonly status?: number } => hasWebStatus(status) ? { status } : {}

/** What is rarely asked for is read through a web `Response`. */
export class CollectedResponse extends Inspectable.Class implements HttpClientResponse.HttpClientResponse, Pipeable {
  readonly [HttpIncomingMessage.TypeId] = HttpIncomingMessage.TypeId
  readonly [HttpClientResponse.TypeId] = HttpClientResponse.TypeId
  readonly remoteAddress = Option.none<string>()
  readonly #collected: Collected

  constructor(collected: Collected) {
    super()
    this.#collected = collected
  }

  get request(): HttpClientRequest.HttpClientRequest {
    return this.#collected.request
  }

  get url(): string {
    return this.#collected.url
  }

  get status(): number {
    return this.#collected.status
  }

  get headers(): Headers.Headers {
    return this.#collected.headers
  }

  get cookies(): Cookies.Cookies {
    return Cookies.fromSetCookie(this.#collected.setCookie())
  }

  get arrayBuffer(): Read<ArrayBuffer> {
    return this.#whole((chunks) => chunks.bytes)
  }

  get text(): Read<string> {
    return this.#whole((chunks) => chunks.text)
  }

  get stream(): Stream.Stream<Uint8Array, HttpClientError.HttpClientError> {
    return Stream.fromEffect(Effect.map(this.arrayBuffer, (bytes) => new Uint8Array(bytes)))
  }

  get json(): HttpClientResponse.HttpClientResponse["json"] {
    return this.#read((response) => response.json)
  }

  get urlParamsBody(): HttpClientResponse.HttpClientResponse["urlParamsBody"] {
    return this.#read((response) => response.urlParamsBody)
  }

  get formData(): Read<FormData> {
    return this.#read((response) => response.formData)
  }

  get upgrade(): HttpClientResponse.HttpClientResponse["upgrade"] {
    return this.#read((response) => response.upgrade)
  }

  override toJSON(): unknown {
    return HttpIncomingMessage.inspect(this, {
      _id: "HttpClientResponse",
      request: this.request.toJSON(),
      status: this.status
    })
  }

  pipe() {
    return pipeArguments(this, arguments)
  }

  #whole<A>(read: (chunks: Chunks) => A): Read<A> {
    const { body, request } = this.#collected
    if ("chunks" in body) return Effect.succeed(read(body.chunks))
    return Effect.fail(
      new HttpClientError.HttpClientError({
        reason: new HttpClientError.DecodeError({ request, response: this, cause: body.cause })
      })
    )
  }

  #read<A>(read: (response: HttpClientResponse.HttpClientResponse) => Read<A>): Read<A> {
    const { headers, request, status } = this.#collected
    return Effect.flatMap(this.arrayBuffer, (bytes) => {
      const body = bytes.byteLength === 0 ? null : bytes
      return read(
        HttpClientResponse.fromWeb(request, new Response(body, { ...shownStatus(status), headers: { ...headers } }))
      )
    })
  }
}
