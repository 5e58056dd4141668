import { assert, describe, it } from "@effect/vitest"
import { Effect, Layer } from "effect"
import { FlexFactor, OrderId, Orders } from "../src/index.ts"
import { json, keyPair, makeOrders, makeScript, once } from "./support/script.ts"

const id = OrderId.make("1001")

interface Place {
  readonly environment?: FlexFactor.Environment
  readonly baseUrl?: string
  readonly apiVersion?: string
}

/** The URL that reading an order asks for, or the reason why the options are refused. Nothing else is sent. */
const read = Effect.fnUntraced(function*(place: Place) {
  const script = makeScript(() => json({ id, status: 7 }))
  const layer = FlexFactor.layer({ ...once, ...place }).pipe(Layer.provide(script.http))
  const refused = yield* Effect.flatMap(Orders, (orders) => orders.get(id)).pipe(
    Effect.provide(layer),
    Effect.as(undefined),
    Effect.catchTag("ConfigError", (error) => Effect.succeed(error.message))
  )
  return { refused, asked: script.requests.map(({ url }) => url.href) }
})

const sandbox = "https://api-sandbox.flexfactor.io"
const production = "https://api.flexfactor.io"

describe("a base URL", () => {
  const accepted: ReadonlyArray<readonly [place: Place, asked: string]> = [
    [{}, `${sandbox}/v1`],
    [{ environment: "production" }, `${production}/v1`],
    [{ baseUrl: sandbox }, `${sandbox}/v1`],
    [{ baseUrl: `${sandbox}/` }, `${sandbox}/v1`],
    [{ baseUrl: `${sandbox}/v1` }, `${sandbox}/v1`],
    [{ baseUrl: `${sandbox}/v1/` }, `${sandbox}/v1`],
    [{ baseUrl: `${sandbox}/v2` }, `${sandbox}/v2`],
    [{ baseUrl: `${sandbox}:443` }, `${sandbox}/v1`],
    [{ baseUrl: "HTTPS://API-Sandbox.FlexFactor.IO" }, `${sandbox}/v1`],
    [{ baseUrl: "https://api-sandbox.flexfactor.io./" }, "https://api-sandbox.flexfactor.io./v1"],
    [{ baseUrl: "https://api-sandbox.flex-charge.com" }, "https://api-sandbox.flex-charge.com/v1"],
    [{ baseUrl: "https://api.flex-charge.com", environment: "production" }, "https://api.flex-charge.com/v1"],
    [{ apiVersion: "v2" }, `${sandbox}/v2`],
    [{ baseUrl: `${sandbox}/v1`, apiVersion: "v1" }, `${sandbox}/v1`],
    [{ baseUrl: "https://gateway.example.com/payments" }, "https://gateway.example.com/payments/v1"],
    [{ baseUrl: "https://gateway.example.com/payments///" }, "https://gateway.example.com/payments/v1"],
    [{ baseUrl: "https://gateway.example.com/payments/v3/" }, "https://gateway.example.com/payments/v3"],
    [{ baseUrl: "https://gateway.example.com:8443", environment: "production" }, "https://gateway.example.com:8443/v1"],
    [{ baseUrl: "http://localhost:3000" }, "http://localhost:3000/v1"],
    [{ baseUrl: "http://flexfactor.localhost:3000" }, "http://flexfactor.localhost:3000/v1"],
    [{ baseUrl: "http://127.0.0.1:3000" }, "http://127.0.0.1:3000/v1"],
    [{ baseUrl: "http://127.1.2.3" }, "http://127.1.2.3/v1"],
    [{ baseUrl: "http://[::1]:3000/" }, "http://[::1]:3000/v1"]
  ]
  for (const [place, base] of accepted) {
    it.effect(`is accepted and asked at ${base} with ${JSON.stringify(place)}`, () =>
      Effect.gen(function*() {
        const { asked, refused } = yield* read(place)
        assert.isUndefined(refused)
        assert.deepStrictEqual(asked, [`${base}/orders/1001`])
      }))
  }

  const refusals: ReadonlyArray<readonly [reason: string, rule: RegExp, places: ReadonlyArray<Place>]> = [
    ["no absolute URL", /absolute URL/, [
      { baseUrl: "" },
      { baseUrl: "api.flexfactor.io" },
      { baseUrl: "//api-sandbox.flexfactor.io" },
      { baseUrl: "/v1" },
      { baseUrl: "https://" },
      { baseUrl: "https://api sandbox.flexfactor.io" }
    ]],
    ["not https", /https/, [
      { baseUrl: "http://api-sandbox.flexfactor.io" },
      { baseUrl: "http://gateway.example.com" },
      { baseUrl: "http://127.0.0.1.example.com" },
      { baseUrl: "http://localhost.example.com" },
      { baseUrl: "http://128.0.0.1" },
      { baseUrl: "http://0.0.0.0" },
      { baseUrl: "http://10.0.0.1" },
      { baseUrl: "http://[::2]" },
      { baseUrl: "ftp://api-sandbox.flexfactor.io" },
      { baseUrl: "ws://localhost" },
      { baseUrl: "file:///etc/hosts" },
      { baseUrl: "javascript:alert(1)" },
      { baseUrl: "data:text/plain,x" },
      { baseUrl: "api-sandbox.flexfactor.io:443" }
    ]],
    ["with a user name or a password", /user name or a password/, [
      { baseUrl: "https://user@api-sandbox.flexfactor.io" },
      { baseUrl: "https://user:hunter2@api-sandbox.flexfactor.io" },
      { baseUrl: "https://:hunter2@gateway.example.com" },
      { baseUrl: "https://api-sandbox.flexfactor.io@gateway.example.com" },
      { baseUrl: "http://user:hunter2@localhost" }
    ]],
    ["with a query or a fragment", /query or a fragment/, [
      { baseUrl: `${sandbox}?tenant=1` },
      { baseUrl: `${sandbox}/v1?a` },
      { baseUrl: `${sandbox}#a` }
    ]],
    ["of the other environment", /leads to (production|sandbox)/, [
      { baseUrl: production },
      { baseUrl: `${production}/v1` },
      { baseUrl: "https://API.FlexFactor.io" },
      { baseUrl: "https://api.flexfactor.io." },
      { baseUrl: "https://api.flexfactor.io:8443" },
      { baseUrl: "https://api.flex-charge.com" },
      { baseUrl: "https://\uFF41pi.flexfactor.io" },
      { baseUrl: sandbox, environment: "production" },
      { baseUrl: "https://api-sandbox.flex-charge.com./v1", environment: "production" }
    ]],
    ["that only looks like FlexFactor's", /looks like FlexFactor's but is not/, [
      { baseUrl: "https://api-sandbox.flexfactor.com" },
      { baseUrl: "https://api-sandbox.flexfactor.io.example.com" },
      { baseUrl: "https://api-sandbox-flexfactor.io" },
      { baseUrl: "https://flexfactor.io" },
      { baseUrl: "https://flex-factor.example.com" },
      { baseUrl: "https://flexcharge.example.com" },
      { baseUrl: "https://api-sandbox.flexfactor.io.." },
      { baseUrl: "https://sandbox.api-sandbox.flexfactor.io" },
      { baseUrl: "https://api-sandbox.fl\u0435xfactor.io" },
      { baseUrl: "https://api-sandbox.xn--flxfactor-e4a.io" },
      { baseUrl: "https://api.fle\u0445factor.io", environment: "production" },
      { baseUrl: "https://\u0430pi.example.com" }
    ]]
  ]
  for (const [reason, rule, places] of refusals) {
    for (const place of places) {
      it.effect(`${reason} is refused before anything is sent: ${JSON.stringify(place)}`, () =>
        Effect.gen(function*() {
          const { asked, refused } = yield* read(place)
          assert.deepStrictEqual(asked, [])
          assert.match(refused ?? "accepted", /baseUrl/)
          assert.match(refused ?? "accepted", rule)
          assert.notInclude(refused ?? "", "hunter2")
        }))
    }
  }

  it.effect("that ends in another version than apiVersion is refused", () =>
    Effect.gen(function*() {
      const { asked, refused } = yield* read({ baseUrl: `${sandbox}/v1`, apiVersion: "v2" })
      assert.deepStrictEqual(asked, [])
      assert.match(refused ?? "accepted", /baseUrl ends in v1, but apiVersion is v2/)
    }))

  for (const apiVersion of ["", "1", "V1", "v", "latest", "v1/..", "v1/orders", "../v1", "v12345", "v1?"]) {
    it.effect(`has no version ${JSON.stringify(apiVersion)}`, () =>
      Effect.gen(function*() {
        const { asked, refused } = yield* read({ apiVersion })
        assert.deepStrictEqual(asked, [])
        assert.match(refused ?? "accepted", /apiVersion must be/)
      }))
  }

  it.effect("is where a token is fetched too", () =>
    Effect.gen(function*() {
      const script = makeScript(() => json({ id, status: 7 }))
      const baseUrl = "https://gateway.example.com/payments/v1/"
      const orders = yield* makeOrders(script, { environment: "sandbox", ...keyPair, baseUrl })
      yield* orders.get(id)
      assert.deepStrictEqual(script.requests.map(({ url }) => url.href), [
        "https://gateway.example.com/payments/v1/oauth2/token",
        "https://gateway.example.com/payments/v1/orders/1001"
      ])
    }))
})
