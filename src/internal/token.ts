/**
 * The access token of a client: fetched once for all concurrent calls, renewed before it expires, dropped when
 * FlexFactor refuses it.
 *
 * How long it lives is measured on a clock that nobody sets, and read from the difference between two times of the
 * server, so that neither a wrong local clock nor one that jumps makes a token look fresh or old.
 */
import * as Cache from "effect/Cache"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { HeldToken, KeyPair } from "../FlexFactor.ts"
import { FlexFactorInvalidRequest, FlexFactorTimeout, FlexFactorUnreachable, type TokenError } from "../OrdersError.ts"
import { tokenStatuses } from "../OrdersError/tables.ts"
import { type Answer, isSuccess } from "./answer.ts"
import { serverTimeOf } from "./answerHeaders.ts"
import { decodeBody } from "./decode.ts"
import { ownFields } from "./jsonObject.ts"
import { makeProgress, type OrdersRequest } from "./ordersRequest.ts"
import type { Send } from "./send.ts"
import type { Settings } from "./settings.ts"
import { statusError } from "./status.ts"
import { isTokenText, tokenRule, TokenText } from "./tokenText.ts"

const operation = "FlexFactor.token"

export type AccessToken = Redacted.Redacted<string>

export interface Tokens {
  /** The token to use now. */
  readonly current: Effect.Effect<AccessToken, TokenError | FlexFactorInvalidRequest>
  /** A token to use instead of one that FlexFactor refused; `undefined` if there is no other. */
  readonly insteadOf: (
    refused: AccessToken
  ) => Effect.Effect<AccessToken | undefined, TokenError | FlexFactorInvalidRequest>
}

/** The documented lifetime of a token. */
const documentedLifetime = Duration.toMillis("10 minutes")

/** Assumed: no token lives longer than a day. What looks so is a clock that is off. */
const longestLifetime = Duration.toMillis("1 day")

const TokenAnswer = Schema.Struct({
  accessToken: Schema.RedactedFromValue(TokenText),
  expires: Schema.optionalKey(Schema.Unknown)
})

/** `expires` is milliseconds since the epoch on the server's clock (observed). */
const lifetimeOf = (expires: unknown, answer: Answer, now: number): number => {
  const serverTime = serverTimeOf(answer)
  const lifetime = Number(expires) - (serverTime ?? now)
  const longest = serverTime === undefined ? documentedLifetime : longestLifetime
  return lifetime > 0 && lifetime <= longest ? lifetime : documentedLifetime
}

interface Fetched {
  readonly token: AccessToken
  /** On the monotonic clock, in nanoseconds. */
  readonly renewAt: bigint
}

const tokenRequest = ({ appKey, appSecret }: KeyPair): OrdersRequest => ({
  operation,
  method: "POST",
  path: "/oauth2/token",
  body: {
    AppKey: Redacted.isRedacted(appKey) ? Redacted.value(appKey) : appKey,
    AppSecret: Redacted.value(appSecret)
  },
  texts: []
})

const decodeToken = decodeBody(TokenAnswer)

const fromKeyPair = Effect.fnUntraced(function*(credentials: KeyPair, send: Send, timeout: Duration.Duration) {
  const fetch = Effect.fnUntraced(
    function*(): Effect.fn.Return<Fetched, TokenError> {
      const answer = yield* send(tokenRequest(credentials), undefined, makeProgress())
      if (!isSuccess(answer)) return yield* statusError(tokenStatuses, operation, answer)
      const { accessToken: token, expires } = ownFields(yield* decodeToken(operation, answer))
      const lifetime = lifetimeOf(expires, answer, yield* Clock.currentTimeMillis)
      // Between 5 % and 10 % early, at random, so that clients that started together do not renew together.
      const used = lifetime * (0.95 - 0.05 * (yield* Random.next))
      return { token, renewAt: (yield* Clock.monotonicTimeNanos) + BigInt(Math.floor(used)) * 1_000_000n }
    },
    // Whatever call waits for this token has not sent its own request.
    Effect.catchTag(
      "FlexFactorUnreachable",
      (error) => Effect.fail(new FlexFactorUnreachable({ ...error, sent: "no" }))
    ),
    Effect.timeoutOrElse({
      duration: timeout,
      orElse: () => Effect.fail(new FlexFactorTimeout({ operation, sent: "no", timeout }))
    })
  )
  const cache = yield* Cache.makeWith(fetch, {
    capacity: 1,
    timeToLive: (exit) => Exit.isSuccess(exit) ? Duration.infinity : Duration.zero
  })
  const fetched = Cache.get(cache, "token")
  const drop = (token: AccessToken) => Cache.invalidateWhen(cache, "token", (cached) => cached.token === token)
  const current = Effect.gen(function*() {
    const { renewAt, token } = yield* fetched
    if ((yield* Clock.monotonicTimeNanos) < renewAt) return token
    yield* drop(token)
    return (yield* fetched).token
  })
  const tokens: Tokens = {
    current,
    insteadOf: (refused) => Effect.andThen(drop(refused), current)
  }
  return tokens
})

const unusable = () => new FlexFactorInvalidRequest({ operation, field: "accessToken", rule: tokenRule })

const fromHeldToken = ({ accessToken }: HeldToken): Tokens => {
  const current = Redacted.isRedacted(accessToken) ? Effect.succeed(accessToken) : accessToken
  const usable = Effect.filterOrFail(current, (token) => isTokenText(Redacted.value(token)), unusable)
  return {
    current: usable,
    insteadOf: (refused) =>
      Effect.map(usable, (token) => Redacted.value(token) === Redacted.value(refused) ? undefined : token)
  }
}

export const makeTokens = (settings: Settings, send: Send): Effect.Effect<Tokens> =>
  settings.credentials.accessToken === undefined
    ? fromKeyPair(settings.credentials, send, settings.timeout)
    : Effect.succeed(fromHeldToken(settings.credentials))
