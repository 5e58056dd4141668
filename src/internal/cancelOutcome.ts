/**
 * What an answer to a cancel means. FlexFactor documents a success as a 200 with an empty body or `{}`; an envelope
 * that says yes or no is taken at its word, and any other body is not taken for a success.
 */
import * as Effect from "effect/Effect"
import type { ExternalOrderId, OrderId } from "../OrderId.ts"
import { byStatus, CancelRejected, type FlexFactorInvalidResponse } from "../OrdersError.ts"
import type { StatusErrorOf } from "../OrdersError/tables.ts"
import { type Answer, envelopeOf, isSuccess } from "./answer.ts"
import { invalidResponse } from "./decode.ts"
import { readErrorBody } from "./errorBody.ts"
import { ownFields } from "./jsonObject.ts"
import { statusError } from "./status.ts"
import { readVerdict } from "./verdict.ts"

const isEmpty = (answer: Answer): boolean => {
  const body = envelopeOf(answer)
  return answer.isWhole && (answer.text.trim() === "" || (body !== undefined && Object.keys(body).length === 0))
}

export const cancelOutcome =
  (operation: CancelRejected["operation"], orderId: OrderId | ExternalOrderId) =>
  (answer: Answer): Effect.Effect<
    void,
    CancelRejected | FlexFactorInvalidResponse | StatusErrorOf<typeof byStatus>
  > => {
    const verdict = readVerdict(answer)
    if (verdict === "refused" && !answer.isForeign) {
      return Effect.fail(
        new CancelRejected(ownFields({ operation, orderId, status: answer.status, ...readErrorBody(answer) }))
      )
    }
    if (!isSuccess(answer)) return statusError(byStatus, operation, answer)
    return verdict === "done" || isEmpty(answer)
      ? Effect.void
      : Effect.fail(invalidResponse(operation, answer, "the body of a cancel is neither empty nor a clear success"))
  }
