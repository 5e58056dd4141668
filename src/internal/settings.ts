/**
 * The options of a client, checked and completed.
 */
import * as Config from "effect/Config"
import * as ConfigProvider from "effect/ConfigProvider"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import * as Result from "effect/Result"
import type { Credentials, Environment, Options } from "../FlexFactor.ts"
import { resolveBaseUrl } from "./baseUrl.ts"
import { ownFields } from "./jsonObject.ts"
import { defaultSchedule, type RetrySchedule } from "./retry.ts"
import { isTokenText, tokenRule } from "./tokenText.ts"

export interface Settings {
  readonly environment: Environment
  readonly credentials: Credentials
  /** With the version, without a slash at the end. */
  readonly baseUrl: string
  readonly timeout: Duration.Duration
  readonly retry: RetrySchedule
  readonly maxResponseBytes: number
}

/** A `ConfigError` that names an option and its rule. */
export const invalid = (rule: string): Config.ConfigError =>
  new Config.ConfigError(new ConfigProvider.SourceError({ message: `FlexFactor: ${rule}` }))

/** The rule that a key or a secret breaks: a text as from a file, whose last line ends, is refused before FlexFactor does. */
const keyRule = (key: unknown): string | undefined => {
  if (typeof key !== "string" || key.trim() === "") return "must not be empty"
  return key === key.trim() ? undefined : "must not begin or end with white space"
}

const credentialsRule = (credentials: Credentials): string | undefined => {
  const { accessToken, appKey, appSecret } = credentials
  if (Effect.isEffect(accessToken)) return undefined
  if (Redacted.isRedacted(accessToken)) {
    return isTokenText(Redacted.value(accessToken)) ? undefined : `accessToken ${tokenRule}`
  }
  if (accessToken !== undefined) {
    return "accessToken must be Redacted, or an effect that yields it: Redacted.make(token)"
  }
  const ofKey = keyRule(Redacted.isRedacted(appKey) ? Redacted.value(appKey) : appKey)
  if (ofKey !== undefined) return `appKey ${ofKey}`
  if (!Redacted.isRedacted(appSecret)) return "appSecret must be Redacted: Redacted.make(secret)"
  const ofSecret = keyRule(Redacted.value(appSecret))
  return ofSecret === undefined ? undefined : `appSecret ${ofSecret}`
}

export const makeSettings = Effect.fnUntraced(function*(
  given: Options
): Effect.fn.Return<Settings, Config.ConfigError> {
  const options = ownFields(given)
  const { environment } = options
  if (environment !== "sandbox" && environment !== "production") {
    return yield* Effect.fail(invalid("environment must be \"sandbox\" or \"production\""))
  }
  const baseUrl = yield* Effect.fromResult(Result.mapError(resolveBaseUrl(options), invalid))
  const rule = credentialsRule(options)
  if (rule !== undefined) return yield* Effect.fail(invalid(rule))
  const timeout = Duration.fromInput(options.timeout ?? "30 seconds")
  if (Option.isNone(timeout) || !Duration.isFinite(timeout.value) || Duration.toMillis(timeout.value) <= 0) {
    return yield* Effect.fail(invalid("timeout must be a finite duration of more than zero"))
  }
  const maxResponseBytes = options.maxResponseBytes ?? 16 * 1024 * 1024
  if (!Number.isSafeInteger(maxResponseBytes) || maxResponseBytes <= 0) {
    return yield* Effect.fail(invalid("maxResponseBytes must be a whole number of more than zero"))
  }
  return {
    environment,
    credentials: options,
    baseUrl,
    timeout: timeout.value,
    retry: options.retry ?? defaultSchedule(3),
    maxResponseBytes
  }
})
