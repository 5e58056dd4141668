/**
 * The shapes in which the body of an error comes, and the facts that are read from each.
 */
import type { Reply } from "../support/script.ts"

const traceId = "00-64a5cf4492a4f17b5751dce5120fe708-631875e92558b83a-01"

export interface Facts {
  readonly traceId?: string
  readonly code?: string
  readonly detail?: string
  readonly fieldErrors?: Readonly<Record<string, ReadonlyArray<string>>>
}

const utf16 = (text: string): Uint8Array<ArrayBuffer> => {
  const bytes = new Uint8Array(text.length * 2)
  for (let index = 0; index < text.length; index += 1) {
    bytes[index * 2] = text.charCodeAt(index) & 0xFF
    bytes[index * 2 + 1] = text.charCodeAt(index) >> 8
  }
  return bytes
}

const latin1 = (text: string): Uint8Array<ArrayBuffer> => Uint8Array.from(text, (letter) => letter.charCodeAt(0))

export const envelope = {
  responseCode: "2001",
  responseMessage: "Amount to refund is too large",
  success: false,
  result: null,
  status: "ERROR",
  statusCode: null,
  errors: [{ item1: "Amount to refund is too large", item2: "2001", item3: "2001", item4: true }],
  customProperties: {}
}

export const bodies: ReadonlyArray<readonly [name: string, reply: Reply, facts: Facts]> = [
  [
    "problem details",
    { body: { status: 400, title: "Invalid.", traceId, errors: { "a.b": ["x", "y"], c: [] } } },
    { traceId, detail: "Invalid.", fieldErrors: { "a.b": ["x", "y"] } }
  ],
  [
    "problem details with a complaint that is no list",
    { body: { status: 400, title: "Invalid.", traceId: [traceId], errors: { a: "x", b: 7, c: ["y", 7, null] } } },
    { traceId, detail: "Invalid.", fieldErrors: { a: ["x"], c: ["y"] } }
  ],
  [
    "a bare map of complaints",
    { body: { TraceId: [traceId], IdempotencyKey: ["is required."] } },
    { traceId, fieldErrors: { IdempotencyKey: ["is required."] } }
  ],
  [
    "a map of complaints with a status of text",
    { body: { status: "400", errors: { OrderId: ["is required"], TraceId: [traceId] } } },
    { traceId, fieldErrors: { OrderId: ["is required"] } }
  ],
  ["an envelope", { body: envelope }, { code: "2001", detail: "Amount to refund is too large" }],
  [
    "an envelope with errors of text",
    { body: { success: false, status: "ERROR", errors: ["Too late", "Too much"], traceId } },
    { traceId, detail: "Too late" }
  ],
  [
    "an envelope with its code among the errors alone",
    { body: { success: false, errors: [{ item1: "Too late", item2: "2002" }] } },
    { code: "2002", detail: "Too late" }
  ],
  ["an envelope with errors that say nothing", { body: { success: false, errors: [{}, null, 7, []] } }, {}],
  ["a message of the gateway", { body: { message: "Forbidden" } }, { detail: "Forbidden" }],
  [
    "a code and a message within error",
    { body: { error: { code: "400123", message: "No such field", traceId } } },
    { code: "400123", detail: "No such field", traceId }
  ],
  ["an error of text", { body: { error: "invalid_request" } }, { detail: "invalid_request" }],
  ["a six-digit code as a number", { body: { statusCode: 400123 } }, { code: "400123" }],
  ["an HTTP status, which is no code", { body: { status: 400, statusCode: "400" } }, {}],
  [
    "an HTML page",
    { body: "<html><head><title> 502 Bad Gateway </title></head></html>", headers: { "content-type": "text/html" } },
    { detail: "502 Bad Gateway" }
  ],
  ["an HTML page without a title", { body: "<html>", headers: { "content-type": "text/html" } }, {}],
  ["plain text", { body: "upstream connect error", headers: { "content-type": "text/plain" } }, {}],
  ["nothing", { body: "" }, {}],
  ["a blank", { body: " \r\n" }, {}],
  ["truncated JSON", { body: JSON.stringify(envelope).slice(0, -20) }, {}],
  ["a JSON list", { body: [envelope] }, {}],
  ["a JSON number", { body: "7" }, {}],
  ["a JSON text", { body: "\"Forbidden\"" }, {}],
  ["a JSON null", { body: "null" }, {}],
  ["an empty object", { body: "{}" }, {}],
  [
    "UTF-16 that says so",
    {
      body: utf16(JSON.stringify({ title: "Ung\u00FCltig", traceId })),
      headers: { "content-type": "application/json; charset=utf-16le" }
    },
    { traceId, detail: "Ung\u00FCltig" }
  ],
  [
    "UTF-16 that claims to be UTF-8",
    {
      body: utf16(JSON.stringify({ title: "Invalid", traceId })),
      headers: { "content-type": "application/json; charset=utf-8" }
    },
    {}
  ],
  [
    "UTF-8 that claims to be UTF-16",
    { body: { title: "Invalid", traceId }, headers: { "content-type": "application/json; charset=utf-16" } },
    {}
  ],
  [
    "Latin-1 that says so",
    {
      body: latin1(JSON.stringify({ title: "Ung\u00FCltig", traceId })),
      headers: { "content-type": "application/json; charset=iso-8859-1" }
    },
    { traceId, detail: "Ung\u00FCltig" }
  ],
  [
    "Latin-1 that claims to be UTF-8",
    {
      body: latin1(JSON.stringify({ title: "Ung\u00FCltig", traceId })),
      headers: { "content-type": "application/json; charset=utf-8" }
    },
    { traceId, detail: "Ung\uFFFDltig" }
  ],
  [
    "an unknown charset",
    { body: { title: "Invalid", traceId }, headers: { "content-type": "application/json; charset=klingon" } },
    { traceId, detail: "Invalid" }
  ],
  [
    "a charset in quotation marks",
    { body: { title: "Invalid" }, headers: { "content-type": "application/json; charset=\"UTF-8\"" } },
    { detail: "Invalid" }
  ],
  ["no content type", { body: { title: "Invalid" }, headers: { "content-type": "" } }, { detail: "Invalid" }],
  [
    "a byte order mark",
    { body: `\uFEFF${JSON.stringify({ title: "Invalid", traceId })}` },
    { traceId, detail: "Invalid" }
  ],
  ["10 MB of HTML", { body: `<title>Large</title>${"x".repeat(10_000_000)}` }, { detail: "Large" }],
  ["10 MB of JSON", { body: JSON.stringify({ title: "Large", pad: "x".repeat(10_000_000) }) }, {}],
  [
    "keys that name parts of every object",
    { body: "{\"title\":\"Odd\",\"errors\":{\"__proto__\":[\"x\"],\"constructor\":[\"y\"]}}" },
    {
      detail: "Odd",
      fieldErrors: JSON.parse("{\"__proto__\":[\"x\"],\"constructor\":[\"y\"]}") as Facts["fieldErrors"] & {}
    }
  ],
  ["100000 nested lists", { body: `{"title":"Deep","errors":${"[".repeat(100_000)}${"]".repeat(100_000)}}` }, {
    detail: "Deep"
  }]
]
