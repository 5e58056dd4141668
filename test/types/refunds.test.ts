import { describe, expectTypeOf, it } from "@effect/vitest"
import type { Config, Effect, Layer, Stream } from "effect"
import type {
  Cents,
  Orders,
  OrdersError,
  RefundEvidence,
  RefundJournal,
  RefundKey,
  RefundOrCancelError,
  RefundRemainingError,
  Refunds,
  RefundsError,
  ResolveError,
  SettleError
} from "../../src/index.ts"

type Service = Refunds.Refunds["Service"]

type Tag<E> = E extends { readonly _tag: infer Tag } ? Tag : never

/** The tags of what an operation fails with. */
type TagsOf<Operation extends keyof Service> = Service[Operation] extends (...args: never) => infer Result
  ? Result extends Effect.Effect<infer _A, infer E> ? Tag<E>
  : never
  : never

/** How `Orders.refund` and `Orders.get` fail: before an answer, by a status, and by a verdict. */
type CallTags = OrdersError.GetError["_tag"] | OrdersError.RefundError["_tag"]

type RefundTags =
  | CallTags
  | "RefundKeyReused"
  | "RefundExceedsBalance"
  | "OrderNotRefundable"
  | "RefundBlocked"
  | "RefundNotApplied"
  | "RefundJournalError"

type RemainingTags = RefundTags | "RefundBalanceUnknown" | "RefundNothingLeft"

describe("the errors of", () => {
  it("a refund are those of a reading and of a refund, and those of the workflow", () => {
    expectTypeOf<TagsOf<"refund">>().toEqualTypeOf<RefundTags>()
    expectTypeOf<RefundsError["_tag"]>().toEqualTypeOf<RefundTags>()
  })

  it("a refund of all that is left can besides be that it is not known, or nothing", () => {
    expectTypeOf<TagsOf<"refundRemaining">>().toEqualTypeOf<RemainingTags>()
    expectTypeOf<RefundRemainingError["_tag"]>().toEqualTypeOf<RemainingTags>()
  })

  it("a refund or cancel are those of both", () => {
    expectTypeOf<TagsOf<"refundOrCancel">>().toEqualTypeOf<RemainingTags | "CancelRejected" | "CancelNotConfirmed">()
    expectTypeOf<RefundOrCancelError["_tag"]>().toEqualTypeOf<RemainingTags | "CancelRejected" | "CancelNotConfirmed">()
  })

  it("going on with a refund are its verdicts, and that there is nothing to go on with", () => {
    expectTypeOf<TagsOf<"resolve">>().toEqualTypeOf<
      | "RefundRejected"
      | "RefundNotApplied"
      | "RefundOutcomeUnknown"
      | "RefundBlocked"
      | "RefundKeyUnknown"
      | "RefundNotInDoubt"
      | "RefundJournalError"
      | "FlexFactorInvalidRequest"
    >()
    expectTypeOf<TagsOf<"resolve">>().toEqualTypeOf<ResolveError["_tag"]>()
  })

  it("a person's word are no verdicts", () => {
    expectTypeOf<TagsOf<"settle">>().toEqualTypeOf<
      "FlexFactorInvalidRequest" | "RefundKeyUnknown" | "RefundNotInDoubt" | "RefundJournalError"
    >()
    expectTypeOf<TagsOf<"settle">>().toEqualTypeOf<SettleError["_tag"]>()
  })

  it("the list of open refunds are those of the journal", () => {
    expectTypeOf<Tag<Stream.Error<Service["open"]>>>().toEqualTypeOf<"RefundJournalError">()
  })

  it("no operation include one of the transport, of a schema or of a database", () => {
    type All = TagsOf<keyof Service>
    expectTypeOf<Extract<All, "HttpClientError" | "SchemaError" | "TimeoutError" | "SqlError">>().toBeNever()
  })

  it("every operation need nothing more", () => {
    expectTypeOf<Effect.Services<ReturnType<Service["refund"]>>>().toBeNever()
    expectTypeOf<Effect.Services<ReturnType<Service["resolve"]>>>().toBeNever()
  })
})

declare const service: Service
declare const requests: Stream.Stream<Refunds.KeyedRefund, "broken", "database">

describe("many refunds", () => {
  it("of an array fail only by being stopped, or by a wrong option: the failures of each are results", () => {
    const results = () => service.many([])
    expectTypeOf<Tag<Stream.Error<ReturnType<typeof results>>>>().toEqualTypeOf<
      "RefundsStopped" | "FlexFactorInvalidRequest"
    >()
    expectTypeOf<Stream.Services<ReturnType<typeof results>>>().toBeNever()
    expectTypeOf<Stream.Success<ReturnType<typeof results>>>().toEqualTypeOf<Refunds.RefundResult>()
  })

  it("of a stream fail and need what the stream does", () => {
    const results = () => service.many(requests)
    expectTypeOf<Exclude<Stream.Error<ReturnType<typeof results>>, { readonly _tag: string }>>()
      .toEqualTypeOf<"broken">()
    expectTypeOf<Stream.Services<ReturnType<typeof results>>>().toEqualTypeOf<"database">()
  })
})

describe("what is asked for", () => {
  it("has a key that no text is unchecked, and an amount that no number is", () => {
    expectTypeOf<string>().not.toExtend<RefundKey>()
    expectTypeOf<RefundKey>().toExtend<string>()
    expectTypeOf<Refunds.KeyedRefund["amount"]>().toEqualTypeOf<Cents>()
  })

  it("has no amount where all that is left is meant", () => {
    expectTypeOf<Parameters<Service["refundRemaining"]>[0]>().not.toHaveProperty("amount")
    expectTypeOf<Parameters<Service["refundOrCancel"]>[0]["amount"]>().toEqualTypeOf<Cents | undefined>()
  })
})

describe("the layer", () => {
  it("needs orders, a journal and evidence, and fails by its options alone", () => {
    expectTypeOf<ReturnType<typeof Refunds.layer>>().toEqualTypeOf<
      Layer.Layer<
        Refunds.Refunds,
        Config.ConfigError,
        Orders | RefundJournal.RefundJournal | RefundEvidence.RefundEvidence
      >
    >()
  })
})
