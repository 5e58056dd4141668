/**
 * Reads from the envelope of an answer whether FlexFactor did what it was asked: `success` and `status` together, in
 * any case and on any HTTP status; never `responseMessage`, which said DECLINED where ActiveMerchant's tests saw a success
 * (observed).
 */
import { type Answer, envelopeOf } from "./answer.ts"
import { type JsonObject, ownValue } from "./jsonObject.ts"

/**
 * - `"done"`: both say yes.
 * - `"refused"`: both say no.
 * - `"unclear"`: something says yes, but not both of them in their documented words.
 * - `"silent"`: nothing says yes, and they do not both say no.
 */
export type Verdict = "done" | "refused" | "unclear" | "silent"

/**
 * The strings of a JSON text, where objects and arrays begin and end, and, captured, the names of fields.
 */
const tokens = /"((?:[^"\\]|\\.)*)"(?=\s*:)|"(?:[^"\\]|\\.)*"|[[\]{}]/g

/** The names in a verdict, where no escape hides them. */
const verdictNames = /"(?:success|status)"(?=\s*:)/gi

/** Tells of nearly every answer at a glance that it does not repeat a verdict. */
const mayRepeatVerdict = (text: string): boolean => {
  const names = text.match(verdictNames) ?? []
  return text.includes("\\") || new Set(names.map((name) => name.toLowerCase())).size < names.length
}

/**
 * Whether a JSON object has `success` or `status` twice, in whatever case. `JSON.parse` keeps the last of them, another
 * reader the first, so neither is a verdict.
 */
const repeatsVerdict = (text: string): boolean => {
  if (!mayRepeatVerdict(text)) return false
  const seen = new Set<string>()
  let depth = 0
  for (const [token, name] of text.matchAll(tokens)) {
    if (token === "{" || token === "[") depth += 1
    else if (token === "}" || token === "]") depth -= 1
    else if (depth === 1 && name !== undefined) {
      const said = String(JSON.parse(`"${name}"`)).toLowerCase()
      if (said !== "success" && said !== "status") continue
      if (seen.has(said)) return true
      seen.add(said)
    }
  }
  return false
}

export const readVerdict = (answer: Answer): Verdict => {
  const envelope = envelopeOf(answer)
  if (envelope === undefined) return "silent"
  if (repeatsVerdict(answer.text)) return "unclear"
  const success = ownValue(envelope, "success")
  const status = ownValue(envelope, "status")
  const word = typeof status === "string" ? status.trim().toLowerCase() : ""
  if (success === true && word === "success") return "done"
  if (hidesYes(envelope)) return "unclear"
  return success === false && (word === "failed" || word === "fail") ? "refused" : "silent"
}

/** Words for yes: those that other answers of FlexFactor use (observed), and others (assumed). */
const yes = new Set(["success", "approved", "true", "succeeded", "yes"])

/** Fields that say it in such a word. */
const verdicts = new Set(["success", "status", "result"])

const isYes = (name: string, value: unknown): boolean => {
  const word = typeof value === "string" ? value.trim().toLowerCase() : undefined
  if (word !== undefined) return verdicts.has(name) && yes.has(word)
  return name === "success" && (value === true || (typeof value === "number" && value !== 0))
}

const maximumDepth = 32

/** Whether an answer says yes anywhere and in any spelling: enough for a doubt, not enough for a verdict. */
const hidesYes = (value: unknown, depth = maximumDepth): boolean =>
  typeof value === "object" && value !== null
  && (depth === 0
    || Object.entries(value).some(([name, child]) => isYes(name.toLowerCase(), child) || hidesYes(child, depth - 1)))

/** Ids of nothing are empty, or zeros. */
const isNamed = (id: unknown): boolean =>
  typeof id === "string" ? !/^[0-]*$/.test(id) : id !== null && id !== undefined && id !== 0

const isTransaction = ([name, id]: readonly [name: string, id: unknown]): boolean =>
  name.toLowerCase() === "transactionid" && isNamed(id)

/** Whether an envelope has the id of a transaction, which a refund that was refused has no need of. */
export const namesTransaction = (envelope: JsonObject): boolean => Object.entries(envelope).some(isTransaction)

/** Whether a text, or any text in a JSON object, has a word for yes in it, or anything in it has the id of a transaction. */
export const mentionsYes = (said: unknown, depth = maximumDepth): boolean => {
  if (typeof said === "string") return /succe(?:ss|ed)|approved/i.test(said)
  if (typeof said !== "object" || said === null) return false
  return depth === 0 || Object.entries(said).some((field) => isTransaction(field) || mentionsYes(field[1], depth - 1))
}
