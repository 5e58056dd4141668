/**
 * What an answer to a cancel means. FlexFactor documents a success as a 200 with an empty body or `{}`. A 2xx whose
 * envelope says yes is a success too, an envelope that says no is a rejection on nearly any status, and a 2xx with any
 * other body is not taken for a success.
 */
import * as Effect from "effect/Effect"
import type { OrderId } from "../OrderId.ts"
import { byStatus, CancelRejected, type FlexFactorInvalidResponse } from "../OrdersError.ts"
import type { StatusErrorOf } from "../OrdersError/tables.ts"
import { type Answer, envelopeOf, isSuccess } from "./answer.ts"
import { anotherUrl, invalidResponse } from "./decode.ts"
import { readErrorBody } from "./errorBody.ts"
import { ownFields } from "./jsonObject.ts"
import { statusError } from "./status.ts"
import { readVerdict } from "./verdict.ts"
import { withDefined } from "./withDefined.ts"

const isEmptyYes = (answer: Answer): boolean => {
  const body = envelopeOf(answer)
  return (answer.status === 200 || answer.status === 204) && answer.isWhole &&
    (answer.text.trim() === "" || (body !== undefined && Object.keys(body).length === 0))
}

/** Not with a refused token, a timeout, a conflict, too many requests or an outage: a no there is not about the order. */
const isAboutTheOrder = ({ status }: Answer): boolean => status < 500 && ![401, 408, 409, 429].includes(status)

export const cancelOutcome =
  (operation: CancelRejected["operation"], orderId?: OrderId) =>
  (answer: Answer): Effect.Effect<
    void,
    CancelRejected | FlexFactorInvalidResponse | StatusErrorOf<typeof byStatus>
  > => {
    if (answer.isForeign) return Effect.fail(invalidResponse(operation, answer, anotherUrl))
    const verdict = readVerdict(answer)
    if (verdict === "refused" && isAboutTheOrder(answer)) {
      return Effect.fail(
        new CancelRejected(ownFields({
          operation,
          ...withDefined({ orderId }),
          status: answer.status,
          ...readErrorBody(answer)
        }))
      )
    }
    if (!isSuccess(answer)) return statusError(byStatus, operation, answer)
    return verdict === "done" || isEmptyYes(answer)
      ? Effect.void
      : Effect.fail(invalidResponse(operation, answer, "the body of a cancel is neither empty nor a clear success"))
  }
