/**
 * Compares what the programs were told, and what their journal holds, with what FlexFactor's ledger says. It knows
 * nothing of how the library decides.
 */
import type { RefundEntry } from "../../src/index.ts"
import { isOpen as isOpenEntry } from "../../src/RefundEntry.ts"
import type { Post } from "./flexFactor.ts"
import type { Scenario } from "./scenario.ts"

/** What a caller was told about a refund. `"unsent"`: that nothing was sent. */
export interface Told {
  readonly key: string
  readonly verdict: "refunded" | "no money moved" | "in doubt" | "unsent"
  /** Of a refund: its cents, and what confirmed it. */
  readonly amount?: number | undefined
  /** Whether it is FlexFactor's word alone, given on an order that shows nothing to check it by. */
  readonly isOnWord: boolean
  /** Whether it is a report of FlexFactor, about an order that shows nothing else. */
  readonly isOnReport: boolean
}

export interface Books {
  readonly scenario: Scenario
  readonly told: ReadonlyArray<Told>
  readonly entries: ReadonlyMap<string, RefundEntry>
  readonly posts: ReadonlyArray<Post>
  /** The cents that went back by order, and what was charged. */
  readonly orders: ReadonlyArray<{ readonly charged: number; readonly refunded: number }>
  /** What the journal lists as open. */
  readonly open: ReadonlySet<string>
}

/** Where a request came twice, its second report may come later than the verdict. */
const mayMissTwin = (posts: ReadonlyArray<Post>): boolean => posts.some(({ isDuplicated }) => isDuplicated)

/** A word can be wrong where FlexFactor deduplicates, or where a request came twice. Nothing shows it then. */
const mayBeWrong = ({ scenario }: Books, posts: ReadonlyArray<Post>): boolean =>
  scenario.repeatedRefunds !== "additive" || mayMissTwin(posts)

const auditKey = (books: Books, key: string, told: ReadonlyArray<Told>): ReadonlyArray<string> => {
  const entry = books.entries.get(key)
  const posts = books.posts.filter((post) => post.key === key)
  const moved = posts.reduce((sum, post) => sum + post.moved, 0)
  const isOpen = entry !== undefined && isOpenEntry(entry)
  const violations: Array<string> = []
  const complain = (what: string) => violations.push(`${key}: ${what}`)

  if (posts.filter((post) => post.moved > 0).length > 1) complain("two sends moved money")
  const isExcused = told.some(({ isOnReport, isOnWord }) => isOnWord || (isOnReport && mayMissTwin(posts)))
  if (moved > 1 && !isOpen && !isExcused) complain("moved twice, and is not in doubt")
  if (moved > 0 && (entry === undefined || entry.state === "not sent")) complain("moved, and the journal does not know")
  if (isOpen && !books.open.has(key)) complain("in doubt, and not listed")
  if (told.length === 0) complain("nobody was told anything")

  const verdicts = new Set(told.map(({ verdict }) => verdict))
  if (verdicts.has("refunded") && verdicts.has("no money moved")) complain("was told both yes and no")
  for (const { amount, isOnReport, isOnWord, verdict } of told) {
    if ((isOnWord && mayBeWrong(books, posts)) || (isOnReport && mayMissTwin(posts))) continue
    if (verdict === "refunded" && moved !== 1) complain(`was told it is refunded, and it moved ${moved} times`)
    if (verdict === "refunded" && amount !== entry?.amount) complain("was told another amount")
    if (verdict === "no money moved" && moved !== 0) complain("was told that no money moved, and it did")
  }
  if (verdicts.has("in doubt") && entry === undefined) complain("was told it is in doubt, and the journal forgot it")
  if (!isOpen && [...verdicts].every((verdict) => verdict === "unsent") && moved > 0) {
    complain("was told that nothing was sent, and it moved")
  }
  const isExcusedWord = entry?.confirmedBy === "answer" && mayBeWrong(books, posts)
  if (entry?.state === "refunded" && moved !== 1 && !isExcusedWord && !isExcused) {
    complain(`is refunded in the journal, and moved ${moved} times`)
  }
  return violations
}

/** Whatever is wrong, in words. */
export const audit = (books: Books): ReadonlyArray<string> => {
  const keys = new Set(books.scenario.jobs.map(({ key }) => key))
  const overdrawn = books.orders.flatMap(({ charged, refunded }, index) =>
    refunded > charged ? [`order ${index}: ${refunded} of ${charged} cents went back`] : []
  )
  return [
    ...overdrawn,
    ...[...keys].flatMap((key) => auditKey(books, key, books.told.filter((one) => one.key === key)))
  ]
}
