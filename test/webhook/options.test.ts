import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { signWebhook } from "../../src/testing/signWebhook.ts"
import * as Webhook from "../../src/Webhook.ts"
import { keyText, options, sign } from "./deliveries.ts"

const sentinel = "c2VudGluZWw"

const wrong: ReadonlyArray<readonly [name: string, changes: object, rule: string]> = [
  ["an empty key", { key: Redacted.make("") }, "key must not be empty"],
  ["a key that is not text", { key: Redacted.make(5) }, "key must not be empty"],
  ["a key that is not redacted", { key: `${sentinel}=` }, "key must be Redacted"],
  ["no key", { key: undefined }, "key must be Redacted"],
  ["a key without its padding", { key: Redacted.make(sentinel) }, "key must be base64"],
  ["a key with other letters", { key: Redacted.make(`${sentinel}-`) }, "key must be base64"],
  ["a key with a line break", { key: Redacted.make(`${keyText}\n`) }, "key must be base64"],
  ["an empty host", { host: "" }, "host must be a host"],
  ["no host", { host: [] }, "host must be a host"],
  ["an address for a host", { host: "https://shop.example/hook" }, "host must be a host"],
  ["a host and a path", { host: "shop.example/hook" }, "host must be a host"],
  ["one bad host of several", { host: ["shop.example", "a;b"] }, "host must be a host"],
  ["a tolerance of nothing", { tolerance: 0 }, "tolerance must be"],
  ["a negative tolerance", { tolerance: -1 }, "tolerance must be"],
  ["a tolerance without end", { tolerance: Infinity }, "tolerance must be"],
  ["a tolerance of more than a year", { tolerance: "366 days" }, "tolerance must be"],
  ["a tolerance that is none", { tolerance: "soon" }, "tolerance must be"]
]

describe("a verifier", () => {
  for (const [name, changes, rule] of wrong) {
    it.effect(`is not made with ${name}, and the failure names the rule`, () =>
      Effect.gen(function*() {
        const given = { ...options, ...changes } as Webhook.Options
        const fromVerify = yield* Effect.flip(Webhook.verify(yield* sign(), given))
        for (const error of [yield* Effect.flip(Webhook.make(given)), fromVerify]) {
          assert.strictEqual(error._tag, "ConfigError")
          assert.include(error.message, rule)
          assert.notInclude(`${error.message} ${JSON.stringify(error)}`, sentinel)
        }
      }))
  }

  it.effect("verifies any number of deliveries", () =>
    Effect.gen(function*() {
      const { verify } = yield* Webhook.make({ ...options, tolerance: "365 days" })
      const signed = yield* Effect.forEach(
        Array.from({ length: 20 }),
        () => sign({ nonce: undefined, date: undefined })
      )
      const verified = yield* Effect.forEach(signed, verify, { concurrency: "unbounded" })
      assert.deepStrictEqual(verified.map(({ nonce }) => nonce), signed.map(({ headers }) => headers["x-fc-nonce"]))
    }))
})

describe("signWebhook", () => {
  it.effect("fails as a verifier does where the key or the host breaks a rule", () =>
    Effect.gen(function*() {
      for (const changes of [{ key: Redacted.make("?") }, { host: "https://shop.example" }]) {
        const error = yield* Effect.flip(signWebhook({
          key: options.key,
          host: "shop.example",
          event: { event: "order.refunded" },
          ...changes
        }))
        assert.strictEqual(error._tag, "ConfigError")
      }
    }))
})
