import { assert, describe, it } from "@effect/vitest"
import { DateTime, Effect } from "effect"
import { Orders } from "../src/index.ts"
import { refusedUnsent } from "./support/refused.ts"
import { json, makeScript, ordersOver } from "./support/script.ts"

describe("the parameters of a list", () => {
  it.effect("are all nine that FlexFactor documents, with a status for each that is asked for", () =>
    Effect.gen(function*() {
      const script = makeScript(() => json({ items: [] }))
      yield* Orders.use((orders) =>
        orders.list({
          query: "Ada & Co",
          status: ["Completed", 3, "draft"],
          from: "2026-01-01T00:00:00+02:00",
          to: DateTime.makeUnsafe("2026-02-01T00:00:00Z"),
          mid: "d9d0b5fd-9433-44d3-8051-63fee28768e8",
          orderBy: "createdOn",
          sort: "desc",
          pageSize: 50,
          pageNumber: 2
        })
      ).pipe(Effect.provide(ordersOver(script)))
      assert.deepStrictEqual([...script.asked[0]?.url.searchParams ?? []], [
        ["query", "Ada & Co"],
        ["status", "7"],
        ["status", "3"],
        ["status", "0"],
        ["from", "2025-12-31T22:00:00.000Z"],
        ["to", "2026-02-01T00:00:00.000Z"],
        ["mid", "d9d0b5fd-9433-44d3-8051-63fee28768e8"],
        ["orderBy", "createdOn"],
        ["sort", "desc"],
        ["pageSize", "50"],
        ["pageNumber", "2"]
      ])
      assert.strictEqual(script.asked.length, 1)
    }))

  const wrong: ReadonlyArray<readonly [query: object, field: string, rule: string]> = [
    [{ pageSize: 0 }, "pageSize", "whole number from 1"],
    [{ pageSize: 1.5 }, "pageSize", "whole number from 1"],
    [{ pageNumber: -1 }, "pageNumber", "whole number from 1"],
    [{ pageNumber: 2 ** 31 }, "pageNumber", "to 2147483647"],
    [{ sort: "up" }, "sort", "\"asc\" or \"desc\""],
    [{ from: "yesterday" }, "from", "date and time"],
    [{ to: Number.NaN }, "to", "date and time"],
    [{ from: "2026-02-01", to: "2026-01-01" }, "from", "not be later"],
    [{ status: "Chargeback" }, "status", "documented status"],
    [{ status: [7, -1] }, "status", "zero or more"],
    [{ status: [] }, "status", "empty list"],
    [{ status: new Date(0) }, "status", "documented status"],
    [{ query: "" }, "query", "not be empty"],
    [{ query: "x".repeat(257) }, "query", "256"],
    [{ mid: "a\u0000" }, "mid", "control characters"],
    [{ orderBy: 7 }, "orderBy", "must be text"],
    [{ pagesize: 10 }, "pagesize", "not a parameter"]
  ]
  for (const [query, field, rule] of wrong) {
    it.effect(`are refused by name before anything is sent: ${JSON.stringify(query).slice(0, 50)}`, () =>
      refusedUnsent((orders) => orders.list(query), field, rule))
  }
})
