/**
 * The access token of a client: fetched once for all concurrent calls, renewed before it expires, dropped when
 * FlexFactor refuses it.
 *
 * How long it lives is measured on a clock that nobody sets, and read from the difference between two of the server's
 * times, so that neither a wrong local clock nor one that jumps makes a token look fresh or old.
 */
import * as Cache from "effect/Cache"
import * as Clock from "effect/Clock"
import * as Duration from "effect/Duration"
import * as Effect from "effect/Effect"
import * as Exit from "effect/Exit"
import * as Predicate from "effect/Predicate"
import * as Random from "effect/Random"
import * as Redacted from "effect/Redacted"
import * as Schema from "effect/Schema"
import type { HeldToken, KeyPair } from "../FlexFactor.ts"
import { FlexFactorInvalidRequest, FlexFactorTimeout, FlexFactorUnreachable, type TokenError } from "../OrdersError.ts"
import { tokenStatuses } from "../OrdersError/tables.ts"
import { type Answer, isSuccess } from "./answer.ts"
import { serverTimeOf } from "./answerHeaders.ts"
import { anotherUrl, decodeBody, invalidResponse } from "./decode.ts"
import { ownFields } from "./jsonObject.ts"
import { makeProgress, type OrdersRequest } from "./ordersRequest.ts"
import type { Send } from "./send.ts"
import type { Settings } from "./settings.ts"
import { statusError } from "./status.ts"
import { isTokenText, tokenRule, TokenText } from "./tokenText.ts"

const operation = "FlexFactor.token"

type AccessToken = Redacted.Redacted<string>

export interface Tokens {
  /** The token to use now. */
  readonly current: Effect.Effect<AccessToken, TokenError | FlexFactorInvalidRequest>
  /** A token to use instead of one that FlexFactor refused; `undefined` if there is no other. */
  readonly insteadOf: (
    refused: AccessToken
  ) => Effect.Effect<AccessToken | undefined, TokenError | FlexFactorInvalidRequest>
  /** Has the next call use another token than one that FlexFactor refused. */
  readonly drop: (refused: AccessToken) => Effect.Effect<void>
}

/** The documented lifetime of a token. */
const documentedLifetime = Duration.toMillis("10 minutes")

/** Assumed: no token lives longer than a day or less than ten seconds. What looks like it is a clock that is off. */
const longestLifetime = Duration.toMillis("1 day")
const shortestLifetime = Duration.toMillis("10 seconds")

const TokenAnswer = Schema.Struct({
  accessToken: Schema.RedactedFromValue(TokenText),
  expires: Schema.optionalKey(Schema.Unknown)
})

/** `expires` is milliseconds since the epoch on the server's clock (observed). */
const lifetimeOf = (expires: unknown, answer: Answer, now: number): number => {
  const serverTime = serverTimeOf(answer)
  const expiresAt = typeof expires === "number" || typeof expires === "string" ? Number(expires) : Number.NaN
  const lifetime = expiresAt - (serverTime ?? now)
  const longest = serverTime === undefined ? documentedLifetime : longestLifetime
  return lifetime >= shortestLifetime && lifetime <= longest ? lifetime : documentedLifetime
}

/** A token, and until when it is used and usable, on the monotonic clock in nanoseconds. */
interface Fetched {
  readonly token: AccessToken
  readonly fetchedAt: bigint
  readonly renewAt: bigint
  readonly expiresAt: bigint
  /** Whether it replaced one that FlexFactor refused. */
  readonly isReplacement: boolean
}

const nanoseconds = (milliseconds: number): bigint => BigInt(Math.floor(milliseconds)) * 1_000_000n

/**
 * How long a replacement that was itself refused is not replaced again, because it is not the token that is wrong, and
 * how long a renewal that failed is not tried again while the last token serves.
 */
const patience = nanoseconds(5000)

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

const notSent = <E extends TokenError>(error: E) =>
  error._tag === "FlexFactorUnreachable"
    ? new FlexFactorUnreachable({ ...error, operation, sent: "no" })
    : error._tag === "FlexFactorTimeout"
    ? new FlexFactorTimeout({ ...error, operation, sent: "no" })
    : error

const fetchToken = Effect.fnUntraced(
  function*(credentials: KeyPair, send: Send, isReplacement: boolean): Effect.fn.Return<Fetched, TokenError> {
    const answer = yield* send(tokenRequest(credentials), undefined, makeProgress())
    if (answer.isForeign) return yield* invalidResponse(operation, answer, anotherUrl)
    if (!isSuccess(answer)) return yield* statusError(tokenStatuses, operation, answer)
    const { accessToken: token, expires } = ownFields(yield* decodeToken(operation, answer))
    const lifetime = lifetimeOf(expires, answer, yield* Clock.currentTimeMillis)
    // Between 5 % and 10 % early, at random, so that clients that started together do not renew together.
    const used = lifetime * (0.95 - 0.05 * (yield* Random.next))
    const now = yield* Clock.monotonicTimeNanos
    return {
      token,
      fetchedAt: now,
      renewAt: now + nanoseconds(used),
      expiresAt: now + nanoseconds(lifetime),
      isReplacement
    }
  }
)

const fromKeyPair = Effect.fnUntraced(function*(credentials: KeyPair, send: Send, timeout: Duration.Duration) {
  let last: Fetched | undefined
  let isLastRefused = false

  /** The last token, while it serves, to be renewed a little later. */
  const spare = Effect.map(Clock.monotonicTimeNanos, (now): Fetched | undefined => {
    if (last === undefined || isLastRefused || now >= last.expiresAt) return undefined
    return { ...last, renewAt: now + patience < last.expiresAt ? now + patience : last.expiresAt }
  })

  /** Where no new token comes, the last one serves; half of the time is left for the call to use it. */
  const fetch = Effect.fnUntraced(function*() {
    const hasSpare = (yield* spare) !== undefined
    return yield* fetchToken(credentials, send, isLastRefused).pipe(
      Effect.timeoutOrElse({
        duration: hasSpare ? Duration.divideUnsafe(timeout, 2) : timeout,
        orElse: () => Effect.fail(new FlexFactorTimeout({ operation, sent: "no", timeout }))
      }),
      // Whatever call waits for this token has not sent its own request.
      Effect.mapError(notSent),
      Effect.tap((fetched) =>
        Effect.sync(() => {
          last = fetched
          isLastRefused = false
        })
      ),
      Effect.catch((error) => Effect.filterOrFail(spare, Predicate.isNotUndefined, () => error))
    )
  })
  const cache = yield* Cache.makeWith(fetch, {
    capacity: 1,
    timeToLive: (exit) => Exit.isSuccess(exit) ? Duration.infinity : Duration.zero
  })
  const cached = Cache.get(cache, "token")

  const isRefused = (token: AccessToken): boolean => isLastRefused && last?.token === token

  const awaited = Effect.gen(function*() {
    const { renewAt, token } = yield* cached
    if (!isRefused(token) && (yield* Clock.monotonicTimeNanos) < renewAt) return token
    yield* Cache.invalidateWhen(cache, "token", (cached) => cached.token === token)
    return (yield* cached).token
  })

  /** Nearly every call finds a token that is good for a while, and has nothing to wait for. */
  const current = Effect.flatMap(
    Clock.monotonicTimeNanos,
    (now) => last === undefined || isLastRefused || now >= last.renewAt ? awaited : Effect.succeed(last.token)
  )

  /**
   * Takes a token out of use. `false` if it has just replaced another: then it is not the token that is wrong. Waits for
   * nothing: while another call fetches a token, the answer that refused this one must not be lost.
   */
  const dropped = (refused: AccessToken): Effect.Effect<boolean> =>
    Effect.map(Clock.monotonicTimeNanos, (now) => {
      if (last?.token !== refused) return true
      if (last.isReplacement && now - last.fetchedAt < patience) return false
      isLastRefused = true
      return true
    })

  const tokens: Tokens = {
    current,
    insteadOf: Effect.fnUntraced(function*(refused) {
      return (yield* dropped(refused)) ? yield* current : undefined
    }),
    drop: (refused) => Effect.asVoid(dropped(refused))
  }
  return tokens
})

const unusable = () => new FlexFactorInvalidRequest({ operation, field: "accessToken", rule: tokenRule })

const fromHeldToken = ({ accessToken }: HeldToken): Tokens => {
  const held = Redacted.isRedacted(accessToken) ? Effect.succeed(accessToken) : Effect.mapError(accessToken, notSent)
  const usable = Effect.filterOrFail(
    held,
    (token) => Redacted.isRedacted(token) && isTokenText(Redacted.value(token)),
    unusable
  )
  return {
    current: usable,
    insteadOf: (refused) =>
      Effect.map(usable, (token) => Redacted.value(token) === Redacted.value(refused) ? undefined : token),
    drop: () => Effect.void
  }
}

export const makeTokens = (settings: Settings, send: Send): Effect.Effect<Tokens> =>
  settings.credentials.accessToken === undefined
    ? fromKeyPair(settings.credentials, send, settings.timeout)
    : Effect.succeed(fromHeldToken(settings.credentials))
