/**
 * One call from request to result: guard, authorize, send, read, within one deadline.
 */
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import {
  type FlexFactorInvalidRequest,
  FlexFactorTimeout,
  type FlexFactorUnreachable,
  type OrdersError,
  SandboxDataRefused,
  type TokenError
} from "../OrdersError.ts"
import type { Answer } from "./answer.ts"
import { type Authorized, makeAuthorized } from "./authorize.ts"
import { withDeadline } from "./deadline.ts"
import { findFinancialData } from "./financialData.ts"
import { makeProgress, type OrdersRequest, type Progress } from "./ordersRequest.ts"
import { makeRetryBudget, type MayRepeat, retry, type RetryPolicy } from "./retry.ts"
import { makeSend } from "./send.ts"
import type { Settings } from "./settings.ts"
import { makeTokens } from "./token.ts"

/** What a call does with its answer, and when it may be made again. */
export interface Handling<A, E extends OrdersError> {
  readonly read: (answer: Answer) => Effect.Effect<A, E>
  readonly isRefused: (answer: Answer) => boolean
  readonly mayRepeat: MayRepeat
}

type Request = Effect.Effect<OrdersRequest, FlexFactorInvalidRequest>

type Call = <A, E extends OrdersError>(
  request: Request,
  handling: Handling<A, E>
) => Effect.Effect<
  A,
  E | TokenError | FlexFactorUnreachable | FlexFactorTimeout | FlexFactorInvalidRequest | SandboxDataRefused
>

/** Keeps real financial data out of the sandbox: every text of the caller is looked at before anything is sent. */
const guard = ({ environment }: Settings, request: OrdersRequest): Effect.Effect<OrdersRequest, SandboxDataRefused> => {
  if (environment !== "sandbox") return Effect.succeed(request)
  for (const [field, text] of request.texts) {
    const kind = findFinancialData(text)
    if (kind !== undefined) return Effect.fail(new SandboxDataRefused({ operation: request.operation, field, kind }))
  }
  return Effect.succeed(request)
}

const annotate = ({ orderId }: OrdersRequest, { attempts, status }: Progress): Effect.Effect<void> =>
  Effect.annotateCurrentSpan({
    ...(orderId === undefined ? {} : { "flexfactor.order_id": orderId }),
    "flexfactor.attempt": attempts,
    ...(status === undefined ? {} : { "http.response.status_code": status })
  })

const timedOut = ({ timeout }: Settings, { operation }: OrdersRequest, { sent }: Progress) =>
  new FlexFactorTimeout({ operation, sent, timeout })

const attempt = <A, E extends OrdersError>(
  authorized: Authorized,
  request: OrdersRequest,
  progress: Progress,
  { isRefused, read }: Handling<A, E>
): Effect.Effect<A, E | TokenError | FlexFactorInvalidRequest | FlexFactorUnreachable> =>
  Effect.flatMap(authorized(request, progress, isRefused), read)

export const makeCall = Effect.fnUntraced(function*(
  settings: Settings
): Effect.fn.Return<Call, never, HttpClient.HttpClient> {
  const send = yield* makeSend(settings)
  const tokens = yield* makeTokens(settings, send)
  const authorized = makeAuthorized(tokens, send)
  const policy: RetryPolicy = {
    schedule: settings.retry,
    budget: yield* makeRetryBudget,
    timeout: settings.timeout
  }
  const run = <A, E extends OrdersError>(request: OrdersRequest, handling: Handling<A, E>) => {
    const progress = makeProgress()
    return attempt(authorized, request, progress, handling).pipe(
      retry(policy, handling.mayRepeat),
      withDeadline(settings.timeout, () => timedOut(settings, request, progress)),
      Effect.onExit(() => annotate(request, progress))
    )
  }
  return (makeRequest, handling) =>
    makeRequest.pipe(
      Effect.flatMap((request) => guard(settings, request)),
      Effect.flatMap((request) => run(request, handling))
    )
})
