/**
 * What an answer to a refund means for the money. A refund is called carried out only on a clear yes and rejected only
 * on a clear no; a status counts as a refusal only if it proves one. Everything else is in doubt.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Redacted from "effect/Redacted"
import type { Cents } from "../Money.ts"
import type { OrderId } from "../OrderId.ts"
import {
  type FlexFactorTimeout,
  type FlexFactorUnreachable,
  RefundOutcomeUnknown,
  RefundRejected
} from "../OrdersError.ts"
import { refundRefusals, type StatusErrorOf } from "../OrdersError/tables.ts"
import type { RefundReceipt } from "../Refund.ts"
import { type Answer, envelopeOf, isSuccess } from "./answer.ts"
import { readCallIds, readErrorBody } from "./errorBody.ts"
import { type JsonObject, ownFields, ownValue } from "./jsonObject.ts"
import { firstToken } from "./shownText.ts"
import { statusError } from "./status.ts"
import { mentionsYes, namesTransaction, readVerdict } from "./verdict.ts"

const operation = "Orders.refund"

/** The refund that an answer is about. */
interface SentRefund {
  readonly orderId: OrderId
  readonly amount: Cents
}

const inDoubt = (
  refund: SentRefund,
  doubt: RefundOutcomeUnknown["doubt"],
  answer?: Answer,
  code?: string
): RefundOutcomeUnknown =>
  new RefundOutcomeUnknown(ownFields({
    ...refund,
    doubt,
    ...(code === undefined ? {} : { code }),
    ...(answer === undefined ? {} : { status: answer.status, ...readErrorBody(answer) })
  }))

/** Why an answer without a verdict and without a refusal leaves a doubt. */
const doubtOf = (answer: Answer): RefundOutcomeUnknown["doubt"] => {
  if (isSuccess(answer) || answer.isForeign) return "no verdict"
  if (answer.status === 409) return "conflict"
  return answer.status >= 500 ? "server error" : "unexpected status"
}

const receipt = (refund: SentRefund, answer: Answer): Effect.Effect<RefundReceipt> =>
  Effect.map(DateTime.now, (confirmedAt) => {
    const envelope = envelopeOf(answer) ?? {}
    const text = (name: "transactionId" | "responseCode") => {
      const shown = firstToken(ownValue(envelope, name))
      return shown === undefined ? {} : { [name]: shown }
    }
    const responseMessage = ownValue(envelope, "responseMessage")
    return {
      ...refund,
      confirmedBy: "answer" as const,
      confirmedAt,
      ...text("transactionId"),
      ...text("responseCode"),
      ...(typeof responseMessage === "string" ? { responseMessage: Redacted.make(responseMessage) } : {}),
      ...readCallIds(answer)
    }
  })

/**
 * A code of FlexFactor's about a payment, such as 2001. One of six digits begins with an HTTP status, and may mean no
 * more than that.
 */
const isPaymentCode = (code: string | undefined): boolean => code !== undefined && /^\d{4,5}$/.test(code)

/**
 * Whether a clear no is about this refund. With 409 an equal request is still in progress (documented). With 408 and
 * 5xx the server or a gateway failed: only a code such as 2001 shows that the refund was looked at (assumed).
 */
const isAboutTheRefund = (answer: Answer): boolean => {
  if (answer.status === 409) return false
  return (answer.status !== 408 && answer.status < 500) || isPaymentCode(readErrorBody(answer).code)
}

/** Whether a body was cut off or is not text: anything may be in it. */
const isIllegible = ({ isWhole, text }: Answer): boolean => !isWhole || /[\0\uFFFD]/.test(text)

/**
 * Whether an envelope that gives no verdict says yes all the same. Words in a message are no verdict: "must be approved"
 * refuses. But a 401 has the refund sent again, so not even a word for yes may be in it, at any depth.
 */
const saysYes = (envelope: JsonObject, status: number): boolean =>
  namesTransaction(envelope) || (status === 401 && mentionsYes(envelope))

/** Whether a body that is no envelope has a word for yes in it, or what may be the id of a transaction. */
const textSaysYes = (text: string): boolean => mentionsYes(text) || /transactionid/i.test(text)

/** Why a status that says no proves nothing: its body says yes in other words, or is not an envelope and may hide a yes. */
const hiddenYes = (answer: Answer): "contradiction" | "no verdict" | undefined => {
  const envelope = envelopeOf(answer)
  if (envelope !== undefined) return saysYes(envelope, answer.status) ? "contradiction" : undefined
  if (textSaysYes(answer.text)) return "contradiction"
  return isIllegible(answer) ? "no verdict" : undefined
}

/** A refund that was answered. */
export const refundOutcome = (refund: SentRefund) =>
(answer: Answer): Effect.Effect<
  RefundReceipt,
  RefundRejected | RefundOutcomeUnknown | StatusErrorOf<typeof refundRefusals>
> => {
  if (answer.isForeign) return Effect.fail(inDoubt(refund, doubtOf(answer), answer))
  switch (readVerdict(answer)) {
    case "done":
      return receipt(refund, answer)
    case "refused":
      if (answer.status === 401 || answer.status === 429) return statusError(refundRefusals, operation, answer)
      if (!isAboutTheRefund(answer)) return Effect.fail(inDoubt(refund, doubtOf(answer), answer))
      return Effect.fail(new RefundRejected(ownFields({ ...refund, status: answer.status, ...readErrorBody(answer) })))
    case "unclear":
      return Effect.fail(inDoubt(refund, "contradiction", answer))
    case "silent":
      if (Object.hasOwn(refundRefusals, answer.status)) {
        const doubt = hiddenYes(answer)
        return doubt === undefined
          ? statusError(refundRefusals, operation, answer)
          : Effect.fail(inDoubt(refund, doubt, answer))
      }
      return Effect.fail(inDoubt(refund, doubtOf(answer), answer))
  }
}

/** A refund that was not answered: in doubt, unless it was provably not sent. */
export const refundUnanswered =
  (refund: SentRefund) => <E extends FlexFactorUnreachable | FlexFactorTimeout>(error: E): E | RefundOutcomeUnknown =>
    error.sent === "no"
      ? error
      : error._tag === "FlexFactorTimeout"
      ? inDoubt(refund, "timeout")
      : inDoubt(refund, "connection lost", undefined, error.code)

/** A body that is not an envelope and cannot hide a yes: short, whole, legible, and without a word or an id for it. */
const isPlainRefusal = ({ isWhole, text }: Answer): boolean =>
  isWhole && text.length <= 64 * 1024 && /^[\s\x20-\x7E]*$/.test(text) && !textSaysYes(text)

/**
 * Whether a 401 proves that a refund was refused before it was carried out, so that it may be sent again with a fresh
 * token. It does not if the body says yes in any way or cannot be read.
 */
export const isRefusedUnauthorized = (answer: Answer): boolean => {
  const envelope = envelopeOf(answer)
  if (envelope === undefined) return isPlainRefusal(answer)
  const verdict = readVerdict(answer)
  return verdict === "refused" || (verdict === "silent" && !saysYes(envelope, answer.status))
}
