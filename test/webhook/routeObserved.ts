/**
 * A delivery full of secrets, and everything that a route leaves of it in the log and in spans.
 */
import { Cause, Exit, Logger, Redacted, type Tracer } from "effect"
import { inspect } from "node:util"
import { forms } from "../secrets/sentinels.ts"
import { makeTracer, observedBy } from "../support/observed.ts"
import { bytes, host, sign } from "./deliveries.ts"
import type { Sent } from "./routeServers.ts"

const keyText = Buffer.from("sentinel-of-the-key-sentinel-of-the-key").toString("base64")
const otherText = Buffer.from("sentinel-of-another-key").toString("base64")
const nonce = "sentinel-of-the-nonce"
export const options = { key: [Redacted.make(keyText), Redacted.make(otherText)], host }

const eventText =
  "{\"Event\":\"sentinel.of.the.body\",\"TimeStamp\":\"2026-03-01T12:00:00Z\",\"a\":\"sentinel of the body\"}"

export const signed = (changes: Parameters<typeof sign>[0] = {}) =>
  sign({ key: Redacted.make(keyText), nonce, event: bytes(eventText), ...changes })

const all = { depth: null, maxStringLength: null, maxArrayLength: null, showHidden: true } as const

interface Line {
  readonly level: string
  readonly message: string
  readonly fields: Readonly<Record<string, unknown>>
  readonly renderings: ReadonlyArray<string>
}

/** Everything that is logged, and the spans. `Sent HTTP response` is Effect's own. */
export const makeObserver = () => {
  const lines: Array<Line> = []
  const { spans, tracer } = makeTracer()
  const logger = Logger.make((given) => {
    const { annotations, level, message } = Logger.formatStructured.log(given)
    const renderings = [
      Logger.formatJson.log(given),
      Logger.formatLogFmt.log(given),
      inspect(given.message, all),
      Cause.pretty(given.cause)
    ]
    const texts = Array.isArray(message) ? message : [message]
    lines.push({ level, message: String(texts[0]), fields: annotations, renderings })
  })
  return { lines, spans, observed: observedBy(tracer, [logger, Logger.tracerLogger]) }
}

/** As an exporter shows it. The failure of a span of 5xx holds the request as an object, which Effect puts there. */
export const renderSpan = ({ attributes, events, links, name, status }: Tracer.NativeSpan): string =>
  [name, attributes, events, links].map((part) => inspect(part, all)).join("\n")
  + (status._tag === "Ended" && Exit.isFailure(status.exit) ? Cause.pretty(status.exit.cause) : "")

export const hiddenIn = ({ body, headers }: Sent): ReadonlyArray<string> =>
  [
    keyText,
    otherText,
    "sentinel-of-the-key",
    nonce,
    "sentinel of",
    "sentinel.of",
    new TextDecoder().decode(body).slice(0, 200),
    ...["x-fc-authorization", "x-fc-content-sha512", "x-fc-signature"].map((name) =>
      (headers[name] ?? "sentinel of").split("Signature=").at(-1) ?? ""
    )
  ].flatMap(forms)
