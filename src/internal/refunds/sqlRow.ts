/**
 * One refund as a row: a column for every fact, named like its field, `sendEndsAt` in `send_ends_at` and `before.at` in
 * `before_at`. What is not known is NULL.
 */
import * as Result from "effect/Result"
import * as Schema from "effect/Schema"
import * as SchemaIssue from "effect/SchemaIssue"
import { RefundEntry } from "../../RefundEntry.ts"
import { RefundReading } from "../../RefundReading.ts"
import { isJsonObject, ownFields, ownValue } from "../jsonObject.ts"
import { cellText } from "../sql/cellText.ts"

/** What a column can hold. */
export type Cell = string | number | null

/** A refund in columns. */
export type Row = Readonly<Record<string, Cell>>

const columnOf = (path: ReadonlyArray<PropertyKey>): string =>
  path.map(String).join("_").replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)

interface Column {
  readonly name: string
  readonly field: string
  /** The field within a reading. */
  readonly part: string | undefined
}

const makeColumns = (): ReadonlyArray<Column> =>
  Object.keys(RefundEntry.fields).flatMap((field): ReadonlyArray<Column> =>
    field === "before" || field === "latest"
      ? Object.keys(RefundReading.fields).map((part) => ({ name: columnOf([field, part]), field, part }))
      : [{ name: columnOf([field]), field, part: undefined }]
  )

const issuesOf = SchemaIssue.makeFormatterStandardSchemaV1()

/** Says which column is wrong, and nothing of what is in it. */
const complaint = (error: Schema.SchemaError): string => {
  const path = issuesOf(error.issue).issues[0]?.path ?? []
  return `column ${columnOf(path.map((step) => typeof step === "object" ? step.key : step))} is not as expected`
}

const cellOf = (value: unknown): Cell =>
  typeof value === "string" ? cellText(value) : typeof value === "number" ? value : null

const property = (value: unknown, name: string): unknown => isJsonObject(value) ? ownValue(value, name) : undefined

const textOf = (value: unknown): unknown =>
  typeof value === "number" || typeof value === "bigint" ? String(value) : value

/** A refund as it was given, and nothing that objects inherit. */
const ownEntry = (entry: RefundEntry): RefundEntry => {
  const own = ownFields(entry)
  const { before, latest } = own
  return Object.assign(own, { before: ownFields(before) }, latest === undefined ? {} : { latest: ownFields(latest) })
}

const emptyRecord = <A>(): Record<string, A> => Object.create(null)

export interface Rows {
  /** The names of all columns. */
  readonly columnNames: ReadonlyArray<string>
  /** A refund in columns, or what is wrong with it. */
  readonly toRow: (entry: RefundEntry) => Result.Result<Row, string>
  /** The refund in a row, or what is wrong with it. */
  readonly fromRow: (row: object) => Result.Result<RefundEntry, string>
}

/** Made with a journal: it takes long, and every import would pay for it. */
export const makeRows = (): Rows => {
  const columns = makeColumns()
  /** Writes times as text and everything else as it is. */
  const encode = Schema.encodeUnknownResult(Schema.toCodecJson(RefundEntry))
  /** Reads everything from text: a driver gives a whole number as a number, a bigint or text. */
  const decode = Schema.decodeUnknownResult(Schema.toCodecStringTree(RefundEntry))
  return {
    columnNames: columns.map(({ name }) => name),
    toRow: (entry) =>
      Result.mapBoth(encode(ownEntry(entry)), {
        onFailure: complaint,
        onSuccess: (json) =>
          Object.fromEntries(columns.map(({ field, name, part }) => {
            const value = property(json, field)
            return [name, cellOf(part === undefined ? value : property(value, part))]
          }))
      }),
    fromRow: (row) => {
      const fields = emptyRecord<unknown>()
      const readings = emptyRecord<Record<string, unknown>>()
      for (const { field, name, part } of columns) {
        const value: unknown = Reflect.get(row, name)
        if (value === null || value === undefined) continue
        if (part === undefined) fields[field] = textOf(value)
        else (readings[field] ??= emptyRecord())[part] = textOf(value)
      }
      return Result.mapError(decode(Object.assign(fields, readings)), complaint)
    }
  }
}
