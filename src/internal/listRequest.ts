/**
 * Checks a list query and writes it as the parameters that FlexFactor documents.
 */
import * as DateTime from "effect/DateTime"
import * as Effect from "effect/Effect"
import * as Option from "effect/Option"
import * as Result from "effect/Result"
import type { ListQuery } from "../ListQuery.ts"
import { FlexFactorInvalidRequest } from "../OrdersError.ts"
import { statusCode } from "../OrderStatus.ts"
import { ownFields } from "./jsonObject.ts"
import type { OrdersRequest } from "./ordersRequest.ts"
import { textRule } from "./textRule.ts"

const operation = "Orders.list"

const maximumTextLength = 256

type Written = Result.Result<ReadonlyArray<string>, string>

/** What the parameter of a field is, once or several times, or the rule that the value of the field breaks. */
type Write<Field extends keyof ListQuery> = (value: NonNullable<ListQuery[Field]>) => Written

const text: Write<"query" | "mid" | "orderBy"> = (value) => {
  const rule = textRule(value, maximumTextLength)
  return rule === undefined ? Result.succeed([value]) : Result.fail(rule)
}

const wholeNumber: Write<"pageSize" | "pageNumber"> = (value) =>
  Number.isSafeInteger(value) && value >= 1 && value <= 2_147_483_647
    ? Result.succeed([String(value)])
    : Result.fail("must be a whole number from 1 to 2147483647")

const instant: Write<"from" | "to"> = (value) =>
  Option.match(DateTime.make(value), {
    onNone: () => Result.fail("must be a date and time"),
    onSome: (time) => Result.succeed([DateTime.formatIso(DateTime.toUtc(time))])
  })

const status: Write<"status"> = (value) => {
  const statuses: ReadonlyArray<unknown> = Array.isArray(value) ? value : [value]
  if (statuses.length === 0) return Result.fail("must not be an empty list: leave it out to list orders of any status")
  const codes = statuses.map((entry) => typeof entry === "string" ? statusCode(entry) : entry)
  return codes.every((code) => typeof code === "number" && Number.isSafeInteger(code) && code >= 0)
    ? Result.succeed(codes.map(String))
    : Result.fail("must be a documented status or a code of zero or more")
}

const sort: Write<"sort"> = (value) =>
  value === "asc" || value === "desc"
    ? Result.succeed([value])
    : Result.fail("must be \"asc\" or \"desc\"")

const writers: { readonly [Field in keyof Required<ListQuery>]: Write<Field> } = {
  query: text,
  status,
  from: instant,
  to: instant,
  mid: text,
  orderBy: text,
  sort,
  pageSize: wholeNumber,
  pageNumber: wholeNumber
}

const invalid = (field: string, rule: string) => Effect.fail(new FlexFactorInvalidRequest({ operation, field, rule }))

const write = <Field extends keyof ListQuery>(query: ListQuery, field: Field): Written => {
  const value = query[field]
  return value === undefined || value === null ? Result.succeed([]) : writers[field](value)
}

const isField = (name: string): name is keyof ListQuery => Object.hasOwn(writers, name)

export const listRequest = Effect.fnUntraced(function*(
  given: ListQuery
): Effect.fn.Return<OrdersRequest, FlexFactorInvalidRequest> {
  const query = ownFields(given)
  const parameters: Array<readonly [string, string]> = []
  for (const field of Object.keys(query)) {
    if (!isField(field)) return yield* invalid(field, "is not a parameter of the list")
    const written = write(query, field)
    if (Result.isFailure(written)) return yield* invalid(field, written.failure)
    for (const value of written.success) parameters.push([field, value])
  }
  const { from, to } = query
  // `null` comes from code without types, and counts as absent.
  if (from && to && DateTime.isGreaterThan(DateTime.makeUnsafe(from), DateTime.makeUnsafe(to))) {
    const end = DateTime.formatIso(DateTime.toUtc(DateTime.makeUnsafe(to)))
    return yield* invalid(
      "from",
      `must not be later than \`to\`, ${end} (now, where all pages are read without \`to\`)`
    )
  }
  return { operation, method: "GET", path: "/orders", query: parameters, texts: parameters }
})
