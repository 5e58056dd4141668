/**
 * No failure shows the key, a signature, a hash, the nonce or the body, however it is rendered, logged or traced.
 */
import { assert, describe, it } from "@effect/vitest"
import { Cause, type Context, DateTime, Effect, Exit, Redacted } from "effect"
import { inspect } from "node:util"
import * as Webhook from "../../src/Webhook.ts"
import { WebhookNonceError } from "../../src/WebhookError.ts"
import { WebhookNonces } from "../../src/WebhookNonces.ts"
import { forms } from "../secrets/sentinels.ts"
import { traces } from "../secrets/sinks.ts"
import { bytes, host, sign } from "./deliveries.ts"

const keyText = Buffer.from("sentinel-of-the-key-sentinel-of-the-key").toString("base64")
const key = Redacted.make(keyText)
const nonce = "sentinel-of-the-nonce"
const secretBody = `{"Event":"sentinel of the body","TimeStamp":"sentinel of a time"}`

const signed = (body = secretBody, date?: DateTime.Utc) =>
  sign({ key, nonce, event: bytes(body), date: date ?? DateTime.makeUnsafe(0) })

type Failing = Effect.Effect<unknown, unknown, WebhookNonces>

const receive = (delivery: Webhook.Delivery, changes: Partial<Webhook.Options> = {}): Failing =>
  Effect.flatMap(
    Webhook.make({ key, host, tolerance: "1 day", ...changes }),
    (verifier) => verifier.receive(delivery)
  )

const changed = (header: string, value: string | undefined) =>
  Effect.flatMap(signed(), ({ body, headers }) => receive({ headers: { ...headers, [header]: value }, body }))

const event =
  "{\"Event\":\"sentinel of the body\",\"TimeStamp\":\"1970-01-01T00:00:00Z\",\"a\":\"sentinel of the body\"}"

const always = (isNew: Context.Service.Shape<typeof WebhookNonces>["isNew"]) => WebhookNonces.of({ isNew })
const stores = {
  replayed: always(() => Effect.succeed(false)),
  broken: always(() => Effect.fail(new WebhookNonceError({ reason: "ConnectionError" })))
}

const ways: ReadonlyArray<readonly [name: string, tag: string, way: Failing, nonces?: keyof typeof stores]> = [
  ["another host", "WebhookSignatureInvalid", Effect.flatMap(signed(), (one) => receive(one, { host: "b.example" }))],
  ["another hash", "WebhookSignatureInvalid", changed("x-fc-content-sha512", "sentinel of a header")],
  ["a date too far", "WebhookExpired", Effect.flatMap(signed(event, DateTime.makeUnsafe(3e9)), (one) => receive(one))],
  ["a replay", "WebhookReplayed", Effect.flatMap(signed(event), (one) => receive(one)), "replayed"],
  ["a broken store", "WebhookNonceError", Effect.flatMap(signed(event), (one) => receive(one)), "broken"],
  ["a body that is no event", "WebhookMalformed", Effect.flatMap(signed(), (one) => receive(one))],
  ["a body that is no JSON", "WebhookMalformed", Effect.flatMap(signed("sentinel of the body"), (one) => receive(one))],
  ["no nonce", "WebhookMalformed", changed("x-fc-nonce", undefined)],
  ["a bad nonce", "WebhookMalformed", changed("x-fc-nonce", "sentinel of a header")],
  ["a bad scheme", "WebhookMalformed", changed("x-fc-authorization", "sentinel of a header")],
  ["two dates", "WebhookMalformed", changed("X-FC-Date", "sentinel of a header")],
  ["a bad key", "ConfigError", Effect.flatMap(signed(), (one) => receive(one, { key: Redacted.make(`${keyText}?`) }))]
]

const all = { depth: null, maxStringLength: null, maxArrayLength: null, showHidden: true } as const

describe("no secret is shown by the failure of", () => {
  for (const [name, tag, way, nonces = "replayed"] of ways) {
    it.effect(name, () =>
      Effect.gen(function*() {
        const { body, headers } = yield* signed()
        const hidden = [
          keyText,
          Buffer.from(keyText, "base64").toString(),
          nonce,
          "sentinel of",
          new TextDecoder().decode(body),
          (headers["x-fc-authorization"] ?? "").split("Signature=")[1] ?? "",
          headers["x-fc-content-sha512"] ?? "",
          headers["x-fc-signature"] ?? ""
        ].flatMap(forms)
        const { exit, sinks } = yield* traces(Effect.provideService(way, WebhookNonces, stores[nonces]))
        if (!Exit.isFailure(exit)) return assert.fail("it succeeds")
        const error = Cause.squash(exit.cause)
        assert.propertyVal(error, "_tag", tag)
        const renderings = [
          ...sinks.map(([, text]) => text),
          String(error),
          JSON.stringify(error),
          inspect(error, all),
          inspect(Object.getOwnPropertyDescriptors(error), all),
          inspect(structuredClone({ ...error as object }), all),
          error instanceof Error ? `${error.message} ${error.stack ?? ""}` : ""
        ]
        for (const rendering of renderings) {
          for (const text of hidden) assert.notInclude(rendering, text)
        }
      }))
  }

  it("a verifier that is printed", () => {
    const options: Webhook.Options = { key, host }
    assert.notInclude(`${JSON.stringify(options)} ${inspect(options, all)}`, keyText)
  })
})
