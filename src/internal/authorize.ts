/**
 * Sends a request with the current token, and once more with a fresh one where FlexFactor refused the first.
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
  /** Whether an answer proves that the request was refused for its token, before it was carried out. */
  isRefused: (answer: Answer) => boolean
) => Effect.Effect<Answer, TokenError | FlexFactorInvalidRequest | FlexFactorUnreachable>

export const makeAuthorized = (tokens: Tokens, send: Send): Authorized =>
  Effect.fnUntraced(function*(request, progress, isRefused) {
    const token = yield* tokens.current
    const before = progress.sent
    const answer = yield* send(request, token, progress)
    if (!isRefused(answer)) return answer
    progress.sent = before
    const fresh = yield* tokens.insteadOf(token)
    return fresh === undefined ? answer : yield* send(request, fresh, progress)
  })
