/**
 * Reads refunds from a CSV file, as a stream: a long file takes no more memory than a short one. Its first line is
 *
 *   key,order,amount,message
 *
 * with the id of the ticket as key, FlexFactor's id of the order, an amount of dollars, and a note, which may be empty.
 */
import { Data, Effect, FileSystem, Schema, SchemaIssue, Stream } from "effect"
import { type Cents, CentsFromDollarString, OrderId, RefundKey, type Refunds } from "effect-flexfactor"
import { Csv } from "effect/encoding"

/** Why a file cannot be used. Each complaint names the line, and where it can the column and the rule. */
export class FileInvalid extends Data.TaggedError("FileInvalid")<{ readonly complaints: ReadonlyArray<string> }> {
  override get message(): string {
    return ["The file is not valid, so nothing was sent:", ...this.complaints].join("\n  ")
  }
}

const isMoreThanZero = Schema.makeFilter((cents: Cents) => cents > 0 || "must be more than zero")

/** What is on one line stays on one line, so that the number of a row is the number of its line. */
const isOneLine = Schema.makeFilter((text: string) => !/[\r\n]/.test(text) || "must be on one line")

const Row = Schema.Struct({
  key: RefundKey,
  order: OrderId,
  amount: CentsFromDollarString.check(isMoreThanZero),
  message: Schema.optionalKey(Schema.String.check(isOneLine, Schema.isMaxLength(500)))
})

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

const complaintsOf = (error: Csv.CsvError | Schema.SchemaError): ReadonlyArray<string> =>
  error._tag === "CsvError"
    ? [`line ${error.line}: ${error.message}`]
    : issuesOf(error.issue).issues.map(({ message, path = [] }) => {
      const [line = "?", column = "?"] = path.map((step) => String(typeof step === "object" ? step.key : step))
      return `line ${line}, column ${column}: ${message}`
    })

/** The refunds that a file asks for. */
export const readRefunds = (file: string) =>
  Stream.unwrap(Effect.map(FileSystem.FileSystem, (fs) => fs.stream(file))).pipe(
    Stream.pipeThroughChannelOrFail(
      Csv.decodeSchema(Row)({ headers: true, ignoreEmptyLines: true }, { errors: "all" })
    ),
    Stream.map(({ amount, key, message, order }): Refunds.KeyedRefund => ({ key, orderId: order, amount, message })),
    Stream.catchTag(
      ["CsvError", "SchemaError"],
      (error) => Stream.fail(new FileInvalid({ complaints: complaintsOf(error) }))
    )
  )
