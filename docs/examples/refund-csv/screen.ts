/**
 * What a person sees: a bar while it runs, and a table in the end.
 */
import { Duration, Effect, Result } from "effect"
import { Cents, type Refunds } from "effect-flexfactor"

/** An amount as people read it. */
export const dollars = (cents: number): string =>
  `$${Cents.toDollars(Cents.make(cents)).replace(/\B(?=(\d{3})+(?=\.))/g, ",")}`

const width = 24

/** One line that says how far it is. */
export const barOf = (progress: Refunds.RefundProgress): string => {
  const { amount, done, failed, inDoubt, perSecond, refunded, rejected, remaining, total = done } = progress
  const filled = Math.round((width * done) / Math.max(1, total))
  const counts = [[refunded, "refunded"], [rejected, "rejected"], [inDoubt, "in doubt"], [failed, "failed"]] as const
  return [
    `${"█".repeat(filled)}${"░".repeat(width - filled)} ${String(done).padStart(String(total).length)}/${total}`,
    ...counts.flatMap(([count, name]) => count === 0 ? [] : [`${count} ${name}`]),
    dollars(amount),
    `${perSecond.toFixed(1)}/s`,
    ...(remaining === undefined || done === total ? [] : [`${Math.ceil(Duration.toSeconds(remaining))} s left`])
  ].join("  ")
}

/** Shows the bar on stderr, so that stdout has the table alone. Without a terminal it is a line for each tenth. */
export const makeBar = () => {
  let shownAt = -Infinity
  let tenth = 0
  return (progress: Refunds.RefundProgress): Effect.Effect<void> =>
    Effect.sync(() => {
      const { done, elapsed, total = done } = progress
      const isLast = done === total
      if (process.stderr.isTTY) {
        if (!isLast && Duration.toMillis(elapsed) - shownAt < 50) return
        shownAt = Duration.toMillis(elapsed)
        process.stderr.write(`\r${barOf(progress)}\u001B[K${isLast ? "\n" : ""}`)
      } else if (isLast || Math.floor((10 * done) / total) > tenth) {
        tenth = Math.floor((10 * done) / total)
        process.stderr.write(`${barOf(progress)}\n`)
      }
    })
}

type Outcome = Refunds.RefundOutcome | "refunded before"

/** What the table is made of. It keeps the rows that need a person, and of the others only how many there are. */
export const makeSummary = () => {
  const sums = new Map<Outcome, { rows: number; cents: number }>()
  const forPerson: Array<ReadonlyArray<string>> = []

  const add = (one: Refunds.RefundResult): Effect.Effect<void> =>
    Effect.sync(() => {
      const outcome = one.isRepeated ? "refunded before" : one.outcome
      const { cents, rows } = sums.get(outcome) ?? { rows: 0, cents: 0 }
      const { amount, key, orderId } = one.request
      sums.set(outcome, { rows: rows + 1, cents: cents + amount })
      if (Result.isSuccess(one.result)) return
      const error = one.result.failure
      const why = error._tag === "RefundOutcomeUnknown" ? error.doubt : error._tag
      forPerson.push([key, orderId, dollars(amount), outcome, why])
    })

  const render = (): string => {
    const lines = (["refunded", "refunded before", "rejected", "in doubt", "failed"] as const).flatMap((outcome) => {
      const sum = sums.get(outcome)
      return sum === undefined ? [] : [[outcome, String(sum.rows), dollars(sum.cents)]]
    })
    const table = tableOf(["outcome", ">rows", ">dollars"], lines)
    return forPerson.length === 0
      ? table
      : `${table}\n\nThese need a person:\n\n${tableOf(["key", "order", ">dollars", "outcome", "why"], forPerson)}`
  }

  /** Whether something is left to do. */
  const isOpen = (): boolean => sums.has("in doubt") || sums.has("failed")

  return { add, render, isOpen }
}

/** Columns as wide as they need to be; one whose title begins with `>` is aligned to the right. */
export const tableOf = (titles: ReadonlyArray<string>, rows: ReadonlyArray<ReadonlyArray<string>>): string => {
  const heads = titles.map((title) => title.replace(">", ""))
  const widths = heads.map((head, column) => Math.max(head.length, ...rows.map((row) => row[column]?.length ?? 0)))
  const line = (cells: ReadonlyArray<string>) =>
    cells.map((cell, column) => {
      const length = widths[column] ?? 0
      return titles[column]?.startsWith(">") === true ? cell.padStart(length) : cell.padEnd(length)
    }).join("  ").trimEnd()
  return [line(heads), line(widths.map((length) => "─".repeat(length))), ...rows.map(line)].join("\n")
}
