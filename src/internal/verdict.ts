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
  if (success === true && word === "success") return "done"
  if (Object.entries(envelope).some(saysYes)) return "unclear"
  return success === false && (word === "failed" || word === "fail") ? "refused" : "silent"
}

/** Words for yes that other answers of FlexFactor use (observed). */
const yes = new Set(["success", "approved", "true"])

/** Whether a field says yes in any spelling: enough for a doubt, not enough for a verdict. */
const saysYes = ([name, value]: readonly [name: string, value: unknown]): boolean =>
  ["success", "status"].includes(name.toLowerCase())
  && (value === true || (typeof value === "string" && yes.has(value.trim().toLowerCase())))
