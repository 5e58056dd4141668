/**
 * The options of a client, and the variables that `layerConfig` reads them from.
 */
import { assert, describe, it } from "@effect/vitest"
import { ConfigProvider, Effect, Layer, Redacted } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { FlexFactor, Orders } from "../src/index.ts"

const pair = { appKey: "key", appSecret: Redacted.make("a secret of a test") }

/** A transport that notes where it was sent, and never answers with an order. */
const makeTransport = () => {
  const urls: Array<string> = []
  const layer = Layer.succeed(
    HttpClient.HttpClient,
    HttpClient.make((request, url) => {
      urls.push(url.href)
      return Effect.succeed(HttpClientResponse.fromWeb(request, new Response("{}", { status: 400 })))
    })
  )
  return { urls, layer }
}

/** Why the options are refused. */
const refusalOf = (layer: ReturnType<typeof FlexFactor.layer>) =>
  Effect.map(Effect.flip(Layer.build(Layer.provide(layer, makeTransport().layer))), ({ message }) => message)

const broken: ReadonlyArray<readonly [what: string, options: object, message: string]> = [
  ["another environment", { environment: "Sandbox" }, "environment must be \"sandbox\" or \"production\""],
  ["no key", { appKey: "" }, "appKey must not be empty"],
  ["a key that is white space", { appKey: " " }, "appKey must not be empty"],
  ["a key that ends with a line", { appKey: "key\n" }, "appKey must not begin or end with white space"],
  ["no secret", { appSecret: Redacted.make("") }, "appSecret must not be empty"],
  [
    "a secret that ends with a line",
    { appSecret: Redacted.make("a secret of a test\n") },
    "appSecret must not begin or end with white space"
  ],
  ["a secret in the open", { appSecret: "a secret of a test" }, "appSecret must be Redacted: Redacted.make(secret)"],
  ["a token in the open", { accessToken: "a token" }, "accessToken must be Redacted"],
  ["a token that fits no header", { accessToken: Redacted.make("a b") }, "accessToken must be 1 to 16384 visible"],
  ["no time", { timeout: 0 }, "timeout must be a finite duration of more than zero"],
  ["endless time", { timeout: Infinity }, "timeout must be a finite duration of more than zero"],
  ["time that is none", { timeout: "soon" }, "timeout must be a finite duration of more than zero"],
  ["no answer at all", { maxResponseBytes: 0 }, "maxResponseBytes must be a whole number of more than zero"],
  ["a part of a byte", { maxResponseBytes: 0.5 }, "maxResponseBytes must be a whole number of more than zero"],
  ["a version without a letter", { apiVersion: "2" }, "apiVersion must be a \"v\" and a number"],
  ["a base URL that is none", { baseUrl: "api.flexfactor.io" }, "baseUrl must be an absolute URL"]
]

describe("The options of a client", () => {
  it.effect.each(broken)(
    "refuse %s, by the name of the option and the rule",
    ([, options, message]) =>
      Effect.gen(function*() {
        const given: FlexFactor.Options = { environment: "sandbox", ...pair, ...options }
        const refusal = yield* refusalOf(FlexFactor.layer(given))
        assert.include(refusal, `FlexFactor: ${message}`)
        assert.notInclude(refusal, "a secret of a test")
      }).pipe(Effect.scoped)
  )
})

const variables = {
  FLEXFACTOR_ENVIRONMENT: "production",
  FLEXFACTOR_APP_KEY: "key",
  FLEXFACTOR_APP_SECRET: "a secret of a test"
}

const withVariables = (env: Readonly<Record<string, string>>) => <A, E, R>(effect: Effect.Effect<A, E, R>) =>
  Effect.provideService(effect, ConfigProvider.ConfigProvider, ConfigProvider.fromEnv({ env }))

const wrongVariables: ReadonlyArray<readonly [what: string, env: Readonly<Record<string, string>>, message: string]> = [
  ["none", {}, "FLEXFACTOR_ENVIRONMENT must be \"sandbox\" or \"production\", and is not set"],
  [
    "another environment",
    { ...variables, FLEXFACTOR_ENVIRONMENT: "prod" },
    "FLEXFACTOR_ENVIRONMENT must be \"sandbox\" or \"production\""
  ],
  [
    "a key without its secret",
    { FLEXFACTOR_ENVIRONMENT: "sandbox", FLEXFACTOR_APP_KEY: "key" },
    "either FLEXFACTOR_APP_KEY and FLEXFACTOR_APP_SECRET or FLEXFACTOR_ACCESS_TOKEN must be set"
  ],
  ["a time without a unit", { ...variables, FLEXFACTOR_TIMEOUT: "10" }, "FLEXFACTOR_TIMEOUT"],
  ["a number of retries that is none", { ...variables, FLEXFACTOR_RETRIES: "-1" }, "FLEXFACTOR_RETRIES"],
  ["white space for a number", { ...variables, FLEXFACTOR_RETRIES: " " }, "FLEXFACTOR_RETRIES"],
  ["a length that is none", { ...variables, FLEXFACTOR_MAX_RESPONSE_BYTES: "much" }, "FLEXFACTOR_MAX_RESPONSE_BYTES"]
]

describe("The variables of a client", () => {
  it.effect.each(wrongVariables)("are refused by name: %s", ([, env, message]) =>
    Effect.gen(function*() {
      const refusal = yield* withVariables(env)(refusalOf(FlexFactor.layerConfig()))
      assert.include(refusal, message)
      assert.notInclude(refusal, "a secret of a test")
    }).pipe(Effect.scoped))

  it.effect("say where a call goes, and what is passed in code overrides them", () =>
    Effect.gen(function*() {
      const env = {
        ...variables,
        FLEXFACTOR_API_VERSION: "v2",
        FLEXFACTOR_RETRIES: "0",
        FLEXFACTOR_TIMEOUT: "5 seconds"
      }
      const { layer, urls } = makeTransport()
      for (const tuning of [{}, { apiVersion: "v3" }]) {
        const orders = Layer.provide(FlexFactor.layerConfig(tuning), layer)
        yield* Effect.flip(Orders.use((orders) => orders.list())).pipe(
          Effect.provide(orders),
          withVariables(env)
        )
      }
      assert.deepStrictEqual(urls, [
        "https://api.flexfactor.io/v2/oauth2/token",
        "https://api.flexfactor.io/v3/oauth2/token"
      ])
    }))
})
