/**
 * Reads from the envelope of an answer whether FlexFactor did what it was asked: `success` and `status` together, in
 * any case and on any HTTP status; never `responseMessage`, which said DECLINED on refunds that succeeded (observed).
 */
import { type Answer, envelopeOf } from "./answer.ts"
import { ownValue } from "./jsonObject.ts"

/**
 * - `"done"`: both say yes.
 * - `"refused"`: both say no.
 * - `"unclear"`: one says yes, and the other says no or nothing.
 * - `"silent"`: neither says yes, and they do not both say no.
 */
export type Verdict = "done" | "refused" | "unclear" | "silent"

export const readVerdict = (answer: Answer): Verdict => {
  const envelope = envelopeOf(answer)
  if (envelope === undefined) return "silent"
  const success = ownValue(envelope, "success")
  const status = ownValue(envelope, "status")
  const word = typeof status === "string" ? status.trim().toLowerCase() : ""
  const saysYes = [success === true, word === "success"]
  if (saysYes.every(Boolean)) return "done"
  if (saysYes.some(Boolean)) return "unclear"
  return success === false && (word === "failed" || word === "fail") ? "refused" : "silent"
}
