import { assert, describe, it } from "@effect/vitest"
import { Effect, Redacted } from "effect"
import { WebCrypto } from "effect/crypto"
import { signWebhook } from "../../src/testing/signWebhook.ts"
import * as Webhook from "../../src/Webhook.ts"
import { itIsNow, key, keyText, options, refused, sign } from "./deliveries.ts"

const sentinel = "c2VudGluZWw"

const wrong: ReadonlyArray<readonly [name: string, changes: object, rule: string]> = [
  ["an empty key", { key: Redacted.make("") }, "key must not be empty"],
  ["a key that is not text", { key: Redacted.make(5) }, "key must not be empty"],
  ["a key that is not redacted", { key: `${sentinel}=` }, "key must be Redacted"],
  ["no key", { key: undefined }, "key must be Redacted"],
  ["a key without its padding", { key: Redacted.make(sentinel) }, "key must be base64"],
  ["a key with other letters", { key: Redacted.make(`${sentinel}-`) }, "key must be base64"],
  ["a key with a line break", { key: Redacted.make(`${keyText}\n`) }, "key must be base64"],
  ["an empty list of keys", { key: [] }, "key must be one key or several, not an empty list"],
  ["one empty key of several", { key: [key, Redacted.make("")] }, "key must not be empty"],
  ["one bad key of several", { key: [Redacted.make(sentinel), key] }, "key must be base64"],
  ["one key of several that is not redacted", { key: [key, `${sentinel}=`] }, "key must be Redacted"],
  ["a list of keys within a list", { key: [[key]] }, "key must be Redacted"],
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

/** Keys of different lengths: base64 of 1, 64 and 200 bytes. */
const keys = [1, 64, 200].map((size) => Redacted.make(Buffer.alloc(size, size).toString("base64")))
const hosts = ["shop.example", "other.example:8443"]

/** A platform that counts signatures. */
const makeCounting = () => {
  const signs = { count: 0 }
  const { subtle } = globalThis.crypto
  const counting = {
    subtle: {
      importKey: subtle.importKey.bind(subtle),
      digest: subtle.digest.bind(subtle),
      sign: (...given: Parameters<SubtleCrypto["sign"]>) => {
        signs.count += 1
        return subtle.sign(...given)
      }
    }
  } as Crypto // a verifier asks for no more
  return { signs, counting }
}

describe("a verifier with several keys", () => {
  it.effect("takes what is signed with any of them, for any host, and nothing else", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const { verify } = yield* Webhook.make({ key: keys, host: hosts })
      for (const key of keys) {
        for (const host of hosts) yield* verify(yield* sign({ key, host }))
        const elsewhere = yield* Effect.flip(verify(yield* sign({ key, host: "evil.example" })))
        assert.strictEqual(elsewhere._tag, "WebhookSignatureInvalid")
        const others = keys.filter((other) => other !== key)
        assert.strictEqual((yield* refused(yield* sign({ key }), { key: others }))._tag, "WebhookSignatureInvalid")
      }
      assert.strictEqual((yield* Effect.flip(verify(yield* sign())))._tag, "WebhookSignatureInvalid")
    }))

  it.effect("tries all of them, whichever fits", () =>
    Effect.gen(function*() {
      yield* itIsNow()
      const { counting, signs } = makeCounting()
      const { verify } = yield* Effect.provideService(
        Webhook.make({ key: keys, host: hosts }),
        WebCrypto.WebCrypto,
        counting
      )
      for (const [key, host] of [[keys[0], hosts[0]], [keys[2], hosts[1]], [undefined, undefined]] as const) {
        const delivery = yield* sign({ ...(key && { key }), ...(host && { host }) })
        signs.count = 0
        yield* Effect.exit(verify(delivery))
        assert.strictEqual(signs.count, keys.length * hosts.length)
      }
    }))
})

describe("signWebhook", () => {
  it.effect("fails as a verifier does where the key or the host breaks a rule", () =>
    Effect.gen(function*() {
      for (const changes of [{ key: Redacted.make("?") }, { host: "https://shop.example" }]) {
        const error = yield* Effect.flip(signWebhook({
          key,
          host: "shop.example",
          event: { event: "order.refunded" },
          ...changes
        }))
        assert.strictEqual(error._tag, "ConfigError")
      }
    }))
})
