import { assert, describe, it } from "@effect/vitest"
import { Effect, Schedule } from "effect"
import type { RefundOutcomeUnknown } from "../../src/index.ts"
import { connect, heldToken, orderId, refunded, refundRequest, transports, underDeadline, warmUp } from "./client.ts"
import {
  answer,
  bytes,
  chunk,
  drip,
  eventually,
  finish,
  head,
  pause,
  reset,
  sequence,
  serve,
  silence,
  type Step
} from "./server.ts"

const body = JSON.stringify(refunded)
const json = { "content-type": "application/json" }
const whole = head(200, { ...json, "content-length": body.length }) + body
const chunked = head(200, { ...json, "transfer-encoding": "chunked" })

/** The ways in which an answer gets lost after the refund was carried out. */
const losses: ReadonlyArray<readonly [loss: string, doubt: RefundOutcomeUnknown["doubt"], answer: Step]> = [
  ["the connection is closed before the headers", "connection lost", finish],
  ["the connection is reset before the headers", "connection lost", reset],
  ["the connection is closed in the status line", "connection lost", sequence(bytes("HTTP/1.1 20"), finish)],
  ["the connection is closed in the headers", "connection lost", sequence(bytes(whole.slice(0, 40)), finish)],
  ["the connection is reset in the headers", "connection lost", sequence(bytes(whole.slice(0, 40)), pause(5), reset)],
  ["the connection is closed in the body", "connection lost", sequence(bytes(whole.slice(0, -9)), finish)],
  ["the connection is reset in the body", "connection lost", sequence(bytes(whole.slice(0, -9)), pause(5), reset)],
  ["the connection is closed in a chunk", "connection lost", sequence(bytes(`${chunked}40\r\n{"succ`), finish)],
  ["the connection is reset in a chunk", "connection lost", sequence(bytes(`${chunked}40\r\n{"succ`), pause(5), reset)],
  ["the connection is closed between chunks", "connection lost", sequence(bytes(chunked), bytes(chunk(body)), finish)],
  [
    "the body is shorter than announced",
    "connection lost",
    sequence(bytes(head(200, { ...json, "content-length": body.length + 1 }) + body), finish)
  ],
  [
    "a long body breaks off",
    "connection lost",
    sequence(bytes(head(200, { ...json, "content-length": 5 * 1024 * 1024 }) + body), finish)
  ],
  ["a long body stalls", "timeout", bytes(head(200, { ...json, "content-length": 5 * 1024 * 1024 }) + body)],
  ["no byte of an answer comes", "timeout", silence],
  ["the headers stall", "timeout", bytes(whole.slice(0, 40))],
  ["the body stalls", "timeout", bytes(whole.slice(0, -1))],
  ["a chunk stalls", "timeout", bytes(`${chunked}40\r\n{"succ`)],
  ["the last chunk is missing", "timeout", sequence(bytes(chunked), bytes(chunk(body)))],
  ["the headers come byte by byte", "timeout", drip(whole, 50)],
  ["the body comes byte by byte", "timeout", sequence(bytes(chunked), drip(chunk(body).toString(), 50))],
  ["a page of HTML comes with status 200", "no verdict", answer(200, "<html><title>Welcome</title></html>")],
  ["an empty body comes with status 200", "no verdict", answer(200)],
  ["half of the JSON comes as if it were all", "no verdict", answer(200, body.slice(0, 20))],
  ["no content comes", "no verdict", bytes(head(204, {}))],
  ["500 comes", "server error", answer(500, { message: "Internal Server Error" })],
  ["502 comes", "server error", answer(502, "<html><title>502 Bad Gateway</title></html>")],
  ["503 comes", "server error", answer(503, "", { "retry-after": 0 })],
  ["504 comes", "server error", answer(504, "<html><title>504 Gateway Time-out</title></html>")],
  ["408 comes", "unexpected status", answer(408)],
  ["302 comes", "unexpected status", answer(302, "", { location: "/v1/elsewhere" })],
  ["409 comes", "conflict", answer(409, { message: "in progress" })],
  ["an answer comes that says yes and no", "contradiction", answer(200, { success: true, status: "FAILED" })]
]

warmUp()

describe.concurrent.each(transports)(
  "A refund whose answer is lost is in doubt and was sent once, over %s",
  (_, transport) => {
    for (const [loss, doubt, script] of losses) {
      it.live(loss, () =>
        underDeadline(Effect.fnUntraced(function*(timeout) {
          const server = yield* serve({ orders: () => script })
          const orders = yield* connect(transport, server, {
            credentials: heldToken,
            timeout: doubt === "timeout" ? timeout : "10 seconds",
            retry: Schedule.recurs(3)
          })
          const error = yield* Effect.flip(orders.refund(orderId, refundRequest))
          assert.strictEqual(error._tag, "RefundOutcomeUnknown")
          assert.strictEqual(error._tag === "RefundOutcomeUnknown" ? error.doubt : undefined, doubt)
          if (!(yield* eventually(() => server.requests.length > 0))) return false
          assert.lengthOf(server.requests, 1)
          assert.strictEqual(server.requests[0]?.target, `/v1/orders/${orderId}/refund`)
          assert.strictEqual(server.requests[0]?.body, "{\"amountToRefund\":19.99}")
          return true
        })))
    }
  }
)
