/**
 * The state of an order. FlexFactor documents eight, shows a ninth in its portal, and may add more: the type is open.
 */
import * as Schema from "effect/Schema"

/** FlexFactor's integer codes and the names documented for them (documented: list and read order pages). */
const nameByCode = {
  0: "Draft",
  1: "Onhold",
  2: "Cancelled",
  3: "Problem",
  4: "Processing",
  5: "Capturerequired",
  6: "Returned",
  7: "Completed"
} as const

/** A status that FlexFactor documents. */
export type KnownOrderStatus = (typeof nameByCode)[keyof typeof nameByCode]

/**
 * The state of an order: one of the documented names, or any other text that FlexFactor sends.
 *
 * Documented names are spelled as in FlexFactor's documentation whatever their case on the wire (the sandbox writes
 * `CAPTUREREQUIRED`). A code without a documented name is kept as its digits, `"11"`.
 *
 * @example
 * ```ts
 * import { isRefundable, type OrderStatus } from "effect-flexfactor"
 *
 * const advice = (status: OrderStatus) =>
 *   isRefundable(status) === undefined ? "ask FlexFactor" : isRefundable(status) ? "refund" : "do not refund"
 * ```
 */
export type OrderStatus = KnownOrderStatus | (string & {})

/** The schema of `OrderStatus`: any non-empty text. */
export const OrderStatus = Schema.NonEmptyString.pipe(
  // oxlint-disable-next-line no-unsafe-type-assertion -- only adds completions: every text is an OrderStatus
  (schema) => schema as unknown as Schema.Codec<OrderStatus, string>
)

const byLowerCaseName: ReadonlyMap<string, readonly [code: number, name: KnownOrderStatus]> = new Map(
  Object.entries(nameByCode).map(([code, name]) => [name.toLowerCase(), [Number(code), name]])
)

const names = Object.values(nameByCode)

const statusFromCode = (code: number): KnownOrderStatus | undefined => names[code]

const statusFromName = (name: string): OrderStatus => byLowerCaseName.get(name.toLowerCase())?.[1] ?? name

/**
 * Reads the status of an order. The integer code wins; the name decides where there is no code, or none that is
 * documented.
 *
 * @internal
 */
export const readStatus = (
  raw: string | number | undefined,
  name = ""
): { readonly status: OrderStatus | undefined; readonly code: number | undefined } => {
  const code = typeof raw === "number" ? raw : raw !== undefined && /^\d{1,9}$/.test(raw) ? Number(raw) : undefined
  const words = name === "" && code === undefined ? raw?.toString() ?? "" : name
  const status = (code === undefined ? undefined : statusFromCode(code))
    ?? (words === "" ? code?.toString() : statusFromName(words))
  return { status, code }
}

/**
 * FlexFactor's integer code of a status, as the `status` filter of a list takes it; `undefined` for a status without
 * a documented code, such as the portal's `Chargeback`. A status that is digits is its own code.
 */
export const statusCode = (status: OrderStatus): number | undefined =>
  byLowerCaseName.get(status.toLowerCase())?.[0] ?? (/^\d{1,9}$/.test(status) ? Number(status) : undefined)

/** What the sources say of each documented status. `undefined`: they do not say, or contradict each other. */
interface Facts {
  readonly pending: boolean | undefined
  readonly cancellable: boolean | undefined
  readonly refundable: boolean | undefined
  readonly final: boolean | undefined
}

const facts: Readonly<Record<KnownOrderStatus, Facts>> = {
  Draft: { pending: true, cancellable: true, refundable: false, final: false },
  Onhold: { pending: true, cancellable: undefined, refundable: false, final: false },
  Cancelled: { pending: false, cancellable: false, refundable: false, final: true },
  Problem: { pending: undefined, cancellable: undefined, refundable: undefined, final: undefined },
  Processing: { pending: true, cancellable: true, refundable: false, final: false },
  Capturerequired: { pending: true, cancellable: true, refundable: false, final: false },
  Returned: { pending: false, cancellable: false, refundable: undefined, final: true },
  Completed: { pending: false, cancellable: false, refundable: true, final: true }
}

const factsOf = (status: OrderStatus): Facts | undefined => {
  const name = byLowerCaseName.get(status.toLowerCase())?.[1]
  return name === undefined ? undefined : facts[name]
}

/** Whether the order is still under way: not yet captured, declined, cancelled or returned. `undefined`: not known. */
export const isPending = (status: OrderStatus): boolean | undefined => factsOf(status)?.pending

/**
 * Whether FlexFactor documents that an order in this status can be cancelled. `undefined`: not known.
 *
 * `Draft` and `Processing` are cancellable for merchant-initiated orders only (documented); the order does not show
 * which kind it is, so the server has the last word.
 */
export const isCancellable = (status: OrderStatus): boolean | undefined => factsOf(status)?.cancellable

/**
 * Whether an order in this status can be refunded. `undefined`: not known.
 *
 * `Completed` is. `Returned` may be, if it was refunded only partly: no source says. An order that is not captured yet
 * is cancelled instead.
 */
export const isRefundable = (status: OrderStatus): boolean | undefined => factsOf(status)?.refundable

/** Whether the order has reached an end, apart from refunds and chargebacks. `undefined`: not known. */
export const isFinal = (status: OrderStatus): boolean | undefined => factsOf(status)?.final
