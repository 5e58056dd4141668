/**
 * What a backend provides to use FlexFactor: where it is, who the backend is, and how patient it is.
 *
 * Every layer here is a function that returns a new layer. Effect builds a layer once per reference, so a constant
 * layer would hand the token of one merchant to another.
 */
import * as Config from "effect/Config"
import type * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import type * as Redacted from "effect/Redacted"
import type * as Schedule from "effect/Schedule"
import { makeOrders } from "./internal/orders.ts"
import { defaultSchedule } from "./internal/retry.ts"
import { invalid, makeSettings } from "./internal/settings.ts"
import { withDefined } from "./internal/withDefined.ts"
import { Orders } from "./Orders.ts"
import type { OrdersError, TokenError } from "./OrdersError.ts"

/** Which FlexFactor to talk to. Their credentials differ, and a client of one never sends to the other. */
export type Environment = "sandbox" | "production"

/** The key pair of a merchant, as FlexFactor gave it: tokens are fetched and renewed with it. */
export interface KeyPair {
  readonly appKey: string | Redacted.Redacted<string>
  readonly appSecret: Redacted.Redacted<string>
  readonly accessToken?: never
}

/**
 * An access token that the backend holds already, or an effect that yields the current one. The effect runs for each
 * attempt of a call, so it should be cheap; after a 401 it runs once more, and the call is sent again if it yields
 * another token. It fails with a `TokenError`, e.g.
 * `new FlexFactorUnreachable({ operation: "FlexFactor.token", sent: "no" })`; the call then fails with it, after retries if
 * it is transient.
 */
export interface HeldToken {
  readonly accessToken: Redacted.Redacted<string> | Effect.Effect<Redacted.Redacted<string>, TokenError>
  readonly appKey?: never
  readonly appSecret?: never
}

/** Who the backend is: a key pair, or a token it holds. */
export type Credentials = KeyPair | HeldToken

/**
 * How a client behaves; everything has a default.
 *
 * - `baseUrl`: the host to talk to, if not the current one of the environment: FlexFactor's older one, a gateway of
 *   your own, or a server on this machine. Only https, except on loopback.
 * - `apiVersion`: the version in the path, `"v1"`.
 * - `timeout`: the deadline of a whole call, 30 seconds: connecting, a token, retries and decoding are all within it.
 * - `retry`: the schedule for calls that may be retried. `Retry-After` is honoured as well, and no retry runs past the
 *   deadline. By default up to 3 times, with jittered exponential backoff.
 * - `maxResponseBytes`: the longest answer that is read, 16 MiB.
 */
export interface Tuning {
  readonly baseUrl?: string | undefined
  readonly apiVersion?: string | undefined
  readonly timeout?: Duration.Input | undefined
  readonly retry?: Schedule.Schedule<unknown, OrdersError> | undefined
  readonly maxResponseBytes?: number | undefined
}

/** All that `layer` takes. */
export type Options = { readonly environment: Environment } & Credentials & Tuning

/** All that `sandbox` and `production` take. */
export type EnvironmentOptions = Credentials & Tuning

/**
 * Makes the `Orders` service. Options that break a rule fail with a `ConfigError` that names the option and the rule.
 * Most programs use one of the layers.
 *
 * @example
 * ```ts
 * import { Effect, Redacted } from "effect"
 * import { FlexFactor } from "effect-flexfactor"
 *
 * const statusesOf = Effect.fn("statusesOf")(function*(token: Redacted.Redacted<string>) {
 *   const orders = yield* FlexFactor.make({ environment: "production", accessToken: token })
 *   const page = yield* orders.list()
 *   return page.orders.map((order) => order.status)
 * })
 * ```
 */
export const make = (
  options: Options
): Effect.Effect<Orders["Service"], Config.ConfigError, HttpClient.HttpClient> =>
  Effect.flatMap(makeSettings(options), makeOrders)

/**
 * Provides `Orders` for an environment. The transport stays open, so that the program picks it: `FetchHttpClient.layer`
 * anywhere, `NodeTransport.layer` on Node.
 *
 * @example
 * ```ts
 * import { Layer, Redacted } from "effect"
 * import { FetchHttpClient } from "effect/http"
 * import { FlexFactor } from "effect-flexfactor"
 *
 * const layer = FlexFactor.layer({
 *   environment: "production",
 *   appKey: "the merchant's key",
 *   appSecret: Redacted.make("the merchant's secret"),
 *   timeout: "10 seconds"
 * }).pipe(Layer.provide(FetchHttpClient.layer))
 * ```
 */
export const layer = (options: Options): Layer.Layer<Orders, Config.ConfigError, HttpClient.HttpClient> =>
  Layer.effect(Orders, make(options))

/**
 * Provides `Orders` for FlexFactor's sandbox. Values that look like real financial data are refused before they are
 * sent, with `SandboxDataRefused`; known test card numbers pass.
 *
 * @example
 * ```ts
 * import { Layer, Redacted } from "effect"
 * import { FetchHttpClient } from "effect/http"
 * import { FlexFactor } from "effect-flexfactor"
 *
 * const sandbox = FlexFactor.sandbox({
 *   appKey: "the merchant's sandbox key",
 *   appSecret: Redacted.make("the merchant's sandbox secret")
 * }).pipe(Layer.provide(FetchHttpClient.layer))
 * ```
 */
export const sandbox = (
  options: EnvironmentOptions
): Layer.Layer<Orders, Config.ConfigError, HttpClient.HttpClient> => layer({ ...options, environment: "sandbox" })

/**
 * Provides `Orders` for FlexFactor's production: real money.
 *
 * @example
 * ```ts
 * import { Layer, Redacted } from "effect"
 * import { FetchHttpClient } from "effect/http"
 * import { FlexFactor } from "effect-flexfactor"
 *
 * const production = FlexFactor.production({
 *   appKey: "the merchant's key",
 *   appSecret: Redacted.make("the merchant's secret")
 * }).pipe(Layer.provide(FetchHttpClient.layer))
 * ```
 */
export const production = (
  options: EnvironmentOptions
): Layer.Layer<Orders, Config.ConfigError, HttpClient.HttpClient> => layer({ ...options, environment: "production" })

const optional = <A>(config: Config.Config<A>): Config.Config<A | undefined> => Config.withDefault(config, undefined)

const retriesConfig = () =>
  Config.mapEffect(
    Config.Int("FLEXFACTOR_RETRIES"),
    (count) =>
      count >= 0
        ? Effect.succeed(count)
        : Effect.fail(invalid("FLEXFACTOR_RETRIES must be a whole number of zero or more"))
  )

const environmentConfig = () =>
  Config.mapEffect(
    Config.withDefault(Config.String("FLEXFACTOR_ENVIRONMENT"), ""),
    (text): Effect.Effect<Environment, Config.ConfigError> =>
      text === "sandbox" || text === "production"
        ? Effect.succeed(text)
        : Effect.fail(
          invalid(`FLEXFACTOR_ENVIRONMENT must be "sandbox" or "production"${text === "" ? ", and is not set" : ""}`)
        )
  )

/** Made on demand: it is slow to make, and every import would pay for it. */
const optionsConfig = () =>
  Config.all({
    environment: environmentConfig(),
    accessToken: optional(Config.Redacted("FLEXFACTOR_ACCESS_TOKEN")),
    appKey: optional(Config.String("FLEXFACTOR_APP_KEY")),
    appSecret: optional(Config.Redacted("FLEXFACTOR_APP_SECRET")),
    baseUrl: optional(Config.String("FLEXFACTOR_BASE_URL")),
    apiVersion: optional(Config.String("FLEXFACTOR_API_VERSION")),
    timeout: optional(Config.Duration("FLEXFACTOR_TIMEOUT")),
    retries: optional(retriesConfig()),
    maxResponseBytes: optional(Config.Int("FLEXFACTOR_MAX_RESPONSE_BYTES"))
  })

/**
 * Provides `Orders` as the environment says. `FLEXFACTOR_ENVIRONMENT` (`sandbox` or `production`) is always needed,
 * and either `FLEXFACTOR_APP_KEY` with `FLEXFACTOR_APP_SECRET` or `FLEXFACTOR_ACCESS_TOKEN`; optional are
 * `FLEXFACTOR_BASE_URL`, `FLEXFACTOR_API_VERSION`, `FLEXFACTOR_TIMEOUT`, `FLEXFACTOR_RETRIES` and
 * `FLEXFACTOR_MAX_RESPONSE_BYTES`. `tuning` overrides what is configured.
 *
 * @example
 * ```ts
 * import { Layer } from "effect"
 * import { FetchHttpClient } from "effect/http"
 * import { FlexFactor } from "effect-flexfactor"
 *
 * const fromEnvironment = FlexFactor.layerConfig().pipe(Layer.provide(FetchHttpClient.layer))
 * ```
 */
export const layerConfig = (
  tuning: Tuning = {}
): Layer.Layer<Orders, Config.ConfigError, HttpClient.HttpClient> =>
  Layer.unwrap(Effect.gen(function*() {
    const { accessToken, appKey, appSecret, retries, ...configured } = yield* optionsConfig()
    const retry = retries === undefined ? {} : { retry: defaultSchedule(retries) }
    const options = { ...configured, ...retry, ...withDefined(tuning) }
    if (accessToken !== undefined) return layer({ ...options, accessToken })
    if (appKey === undefined || appSecret === undefined) {
      return yield* Effect.fail(
        invalid("either FLEXFACTOR_APP_KEY and FLEXFACTOR_APP_SECRET or FLEXFACTOR_ACCESS_TOKEN must be set")
      )
    }
    return layer({ ...options, appKey, appSecret })
  }))
