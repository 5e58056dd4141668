/**
 * The options of a verifier, checked and completed.
 */
import * as Arr from "effect/Array"
import type * as Config from "effect/Config"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Redacted from "effect/Redacted"
import type { Options } from "../../Webhook.ts"
import { invalid } from "../settings.ts"
import { fromBase64 } from "./bytes.ts"
import { makeSigning, type Signing } from "./signing.ts"

export interface WebhookSettings {
  /** One for each key. */
  readonly signings: Arr.NonEmptyReadonlyArray<Signing>
  readonly hosts: ReadonlyArray<string>
  readonly tolerance: Duration.Duration
}

export const makeKey = Effect.fnUntraced(function*(
  key: Redacted.Redacted<string>
): Effect.fn.Return<Signing, Config.ConfigError> {
  if (!Redacted.isRedacted(key)) return yield* Effect.fail(invalid("key must be Redacted: Redacted.make(key)"))
  const text: unknown = Redacted.value(key)
  if (typeof text !== "string" || text === "") return yield* Effect.fail(invalid("key must not be empty"))
  const bytes = fromBase64(text)
  if (bytes === undefined) return yield* Effect.fail(invalid("key must be base64, as the portal shows it"))
  return yield* makeSigning(bytes)
})

const makeKeys = Effect.fnUntraced(function*(
  key: Options["key"]
): Effect.fn.Return<Arr.NonEmptyReadonlyArray<Signing>, Config.ConfigError> {
  const signings = yield* Effect.forEach(Arr.ensure(key), makeKey)
  return Arr.isReadonlyArrayNonEmpty(signings)
    ? signings
    : yield* Effect.fail(invalid("key must be one key or several, not an empty list"))
})

/** A name or an address, and a port. */
const isHost = (host: unknown): boolean => typeof host === "string" && /^[A-Za-z0-9._[\]:-]{1,259}$/.test(host)

export const makeHosts = (host: string | ReadonlyArray<string>): Effect.Effect<
  ReadonlyArray<string>,
  Config.ConfigError
> => {
  const hosts = Arr.ensure(host)
  return hosts.length > 0 && hosts.every(isHost)
    ? Effect.succeed(Arr.dedupe(hosts))
    : Effect.fail(invalid("host must be a host such as \"shop.example\", or several, without https:// and path"))
}

const longest = Duration.days(365)

const makeTolerance = (input: Duration.Input): Effect.Effect<Duration.Duration, Config.ConfigError> => {
  const tolerance = Duration.fromInput(input)
  return Option.isSome(tolerance) && Duration.toMillis(tolerance.value) > 0
      && Duration.isLessThanOrEqualTo(tolerance.value, longest)
    ? Effect.succeed(tolerance.value)
    : Effect.fail(invalid("tolerance must be a duration of more than zero and at most 365 days"))
}

export const makeWebhookSettings = Effect.fnUntraced(function*(
  options: Options
): Effect.fn.Return<WebhookSettings, Config.ConfigError> {
  return {
    signings: yield* makeKeys(options.key),
    hosts: yield* makeHosts(options.host),
    tolerance: yield* makeTolerance(options.tolerance ?? "5 minutes")
  }
})
