/**
 * Sends a request by an undici dispatcher.
 */
import type * as Undici from "@effect/platform-node/Undici"
import * as Effect from "effect/Effect"
import * as Headers from "effect/http/Headers"
import type * as HttpClientResponse from "effect/http/HttpClientResponse"
import { Chunks } from "./chunks.ts"
import { type Collected, CollectedResponse } from "./collectedResponse.ts"
import { streamedResponse } from "./streamedResponse.ts"
import {
  type Answered,
  hasWebStatus,
  lengthInOnePiece,
  longestInOnePiece,
  transportError,
  type WholeRequest,
  withoutHash
} from "./transport.ts"

type RawHeaders = Readonly<Record<string, string | Array<string> | undefined>>

/** Takes the body of an answer, from its first byte to its last. */
interface Taker {
  readonly take: (chunk: Uint8Array) => void
  readonly end: () => void
  readonly breakOff: (cause: unknown) => void
}

type HandOver = (response: HttpClientResponse.HttpClientResponse) => void

const all = (value: string | Array<string> | undefined): ReadonlyArray<string> =>
  value === undefined ? [] : typeof value === "string" ? [value] : value

/** Hands the answer over once it is read to its end or has broken off. */
const inOnePiece = (
  { request, url }: WholeRequest,
  status: number,
  headers: RawHeaders,
  length: number,
  handOver: HandOver
): Taker => {
  const chunks = new Chunks()
  const answer = (body: Collected["body"]) =>
    handOver(
      new CollectedResponse({
        request,
        url: withoutHash(url),
        status,
        headers: Headers.fromInput(headers),
        setCookie: () => all(headers["set-cookie"]),
        body
      })
    )
  return {
    take: (chunk) => {
      chunks.add(chunk)
      if (chunks.length > length) throw new RangeError("the body is longer than announced")
    },
    end: () => answer({ chunks }),
    breakOff: (cause) => answer({ cause })
  }
}

/** Hands the answer over at once. Its body comes as it is read. */
const asItComes = (
  { request }: WholeRequest,
  status: number,
  headers: RawHeaders,
  controller: Undici.Dispatcher.DispatchController,
  handOver: HandOver
): Taker => {
  let source: ReadableStreamDefaultController<Uint8Array> | undefined
  const leave = () => controller.abort(new Error("the answer was not read to its end"))
  const body = new ReadableStream<Uint8Array>({
    start: (started) => {
      source = started
    },
    // Not at once: what asks for more may run while undici reads another answer.
    pull: () => queueMicrotask(() => controller.resume()),
    cancel: leave
  })
  const fields = Object.entries(headers).flatMap(([name, value]) =>
    all(value).map((one): [string, string] => [name, one])
  )
  handOver(streamedResponse(request, new Response(body, { status, headers: fields }), leave))
  return {
    take: (chunk) => {
      // undici hands out an empty chunk when it resumes within one: to pause for that would resume at once, for ever.
      if (chunk.length === 0) return
      source?.enqueue(chunk)
      if ((source?.desiredSize ?? 0) <= 0) controller.pause()
    },
    end: () => source?.close(),
    breakOff: (cause) => source?.error(cause)
  }
}

/** A failure of a request whose sending had begun: whatever its code says, it is no proof that nothing was sent. */
const begun = (cause: unknown): AggregateError =>
  new AggregateError([cause, Object.assign(new Error("the request had begun to be sent"), { code: "BEGUN" })])

/**
 * Over HTTP/2 or in a pipeline, undici by itself sends a request again that it believes was not processed, a refund
 * like any other. Here nothing is sent a second time.
 */
export const dispatch = (dispatcher: Undici.Dispatcher, whole: WholeRequest): Answered =>
  Effect.callback((resume) => {
    const { body, request, url } = whole
    let controller: Undici.Dispatcher.DispatchController | undefined
    let taker: Taker | undefined
    let isGivenUp = false
    const giveUp = () => new Error("the call was given up")
    const fail = (cause: unknown) => resume(Effect.fail(transportError(request, cause)))
    const handOver: HandOver = (response) => resume(Effect.succeed(response))
    try {
      dispatcher.dispatch({
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: request.headers,
        body,
        // How long to wait is up to the program.
        headersTimeout: 0,
        bodyTimeout: 0
      }, {
        onRequestStart: (started) => {
          const isAgain = controller !== undefined
          controller = started
          if (isGivenUp) started.abort(giveUp())
          else if (isAgain) started.abort(new Error("the request would have been sent again"))
        },
        onResponseStart: (started, status, headers) => {
          if (status < 200) return
          const announced = lengthInOnePiece(
            status,
            all(headers["content-length"])[0],
            all(headers["content-encoding"])[0]
          )
          const length = announced ?? (hasWebStatus(status) ? undefined : longestInOnePiece)
          taker = length === undefined
            ? asItComes(whole, status, headers, started, handOver)
            : inOnePiece(whole, status, headers, length, handOver)
        },
        // undici breaks off where these throw.
        onResponseData: (_, chunk) => taker?.take(chunk),
        onResponseEnd: () => taker?.end(),
        onResponseError: (_, cause) =>
          taker === undefined ? fail(controller === undefined ? cause : begun(cause)) : taker.breakOff(cause)
      })
    } catch (cause) {
      fail(cause)
    }
    return Effect.sync(() => {
      isGivenUp = true
      controller?.abort(giveUp())
    })
  })
