/**
 * Sends a request with the current token, and once more with a fresh one where FlexFactor refused the first, and so the
 * request was not carried out.
 */
import * as Effect from "effect/Effect"
import type { FlexFactorInvalidRequest, FlexFactorUnreachable, TokenError } from "../OrdersError.ts"
import type { Answer } from "./answer.ts"
import type { OrdersRequest, Progress } from "./ordersRequest.ts"
import type { Send } from "./send.ts"
import type { Tokens } from "./token.ts"

export type Authorized = (
  request: OrdersRequest,
  progress: Progress,
  /** Whether a 401 proves that the request was not carried out. */
  isRefused: (answer: Answer) => boolean
) => Effect.Effect<Answer, TokenError | FlexFactorInvalidRequest | FlexFactorUnreachable>

export const makeAuthorized = (tokens: Tokens, send: Send): Authorized => (request, progress, isRefused) =>
  Effect.flatMap(tokens.current, (token) => {
    const before = progress.sent
    return Effect.flatMap(send(request, token, progress), (answer) => {
      if (answer.status !== 401 || answer.isForeign) return Effect.succeed(answer)
      if (!isRefused(answer)) return Effect.as(tokens.drop(token), answer)
      progress.sent = before
      return Effect.flatMap(
        tokens.insteadOf(token),
        (fresh) => fresh === undefined ? Effect.succeed(answer) : send(request, fresh, progress)
      )
    })
  })
