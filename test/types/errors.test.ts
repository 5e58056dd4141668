import { describe, expectTypeOf, it } from "@effect/vitest"
import { Data, Effect, type Exit, type Result, type Stream } from "effect"
import {
  type Cents,
  type ExternalOrderId,
  type OrderId,
  type Orders,
  OrdersError,
  type RefundOrCancelError,
  type RefundsStopped,
  type ResolveError
} from "../../src/index.ts"

type Service = Orders["Service"]

/** The tags of what an operation fails with. */
type TagsOf<Operation extends keyof Service> = ReturnType<Service[Operation]> extends
  | Effect.Effect<infer _A, infer E extends OrdersError.OrdersError>
  | Stream.Stream<infer _A, infer E extends OrdersError.OrdersError> ? E["_tag"] :
  never

/** How getting a token can fail, and what is wrong with a call before it is sent. */
type CallTags =
  | "FlexFactorUnauthorized"
  | "FlexFactorForbidden"
  | "FlexFactorTooManyRequests"
  | "FlexFactorInternalServerError"
  | "FlexFactorBadGateway"
  | "FlexFactorServiceUnavailable"
  | "FlexFactorGatewayTimeout"
  | "FlexFactorUnexpectedStatus"
  | "FlexFactorUnreachable"
  | "FlexFactorTimeout"
  | "FlexFactorInvalidResponse"
  | "FlexFactorInvalidRequest"
  | "SandboxDataRefused"

type StatusTags =
  | "FlexFactorBadRequest"
  | "FlexFactorNotFound"
  | "FlexFactorMethodNotAllowed"
  | "FlexFactorConflict"
  | "FlexFactorUnprocessableEntity"

type ReadTags = CallTags | StatusTags

describe("the errors of", () => {
  it("list and get are those of the call and of every status", () => {
    expectTypeOf<TagsOf<"list">>().toEqualTypeOf<ReadTags>()
    expectTypeOf<TagsOf<"get">>().toEqualTypeOf<ReadTags>()
  })

  it("pages and stream are those of list, and a list without an end", () => {
    expectTypeOf<TagsOf<"pages">>().toEqualTypeOf<ReadTags | "FlexFactorListStalled">()
    expectTypeOf<TagsOf<"stream">>().toEqualTypeOf<ReadTags | "FlexFactorListStalled">()
  })

  it("a refund are the verdicts, and those that prove that no money moved", () => {
    expectTypeOf<TagsOf<"refund">>().toEqualTypeOf<
      CallTags | Exclude<StatusTags, "FlexFactorConflict"> | "RefundRejected" | "RefundOutcomeUnknown"
    >()
  })

  it("a refund do not include a conflict, which leaves the money open", () => {
    expectTypeOf<Extract<TagsOf<"refund">, "FlexFactorConflict">>().toBeNever()
    expectTypeOf<Extract<TagsOf<"get">, "FlexFactorConflict">>().toEqualTypeOf<"FlexFactorConflict">()
  })

  it("both cancels are those of a read, and the refusal", () => {
    expectTypeOf<TagsOf<"cancel">>().toEqualTypeOf<ReadTags | "CancelRejected">()
    expectTypeOf<TagsOf<"cancelByExternalId">>().toEqualTypeOf<ReadTags | "CancelRejected">()
  })

  it("getting a token are those of its statuses, and that no usable answer came", () => {
    expectTypeOf<OrdersError.TokenError["_tag"]>().toEqualTypeOf<
      Exclude<CallTags, "FlexFactorInvalidRequest" | "SandboxDataRefused">
    >()
  })

  it("the operations are what the unions of OrdersError say", () => {
    expectTypeOf<TagsOf<"list">>().toEqualTypeOf<OrdersError.ListError["_tag"]>()
    expectTypeOf<TagsOf<"pages">>().toEqualTypeOf<OrdersError.PagesError["_tag"]>()
    expectTypeOf<TagsOf<"get">>().toEqualTypeOf<OrdersError.GetError["_tag"]>()
    expectTypeOf<TagsOf<"refund">>().toEqualTypeOf<OrdersError.RefundError["_tag"]>()
    expectTypeOf<TagsOf<"cancel">>().toEqualTypeOf<OrdersError.CancelError["_tag"]>()
    expectTypeOf<OrdersError.OrdersError["_tag"]>().toEqualTypeOf<TagsOf<keyof Service>>()
  })

  it("no operation include one of the transport or of a schema", () => {
    expectTypeOf<Extract<TagsOf<keyof Service>, "HttpClientError" | "SchemaError" | "TimeoutError">>().toBeNever()
  })

  it("every operation are never unknown and never any", () => {
    expectTypeOf<OrdersError.RefundError>().not.toBeAny()
    expectTypeOf<OrdersError.RefundError>().not.toBeUnknown()
    expectTypeOf<OrdersError.RefundError>().not.toBeNever()
    expectTypeOf<Effect.Services<ReturnType<Service["refund"]>>>().toBeNever()
  })
})

describe("a repeatable error", () => {
  it("is one that may pass", () => {
    expectTypeOf<OrdersError.RepeatableError["_tag"]>().toEqualTypeOf<
      | "FlexFactorTooManyRequests"
      | "FlexFactorInternalServerError"
      | "FlexFactorBadGateway"
      | "FlexFactorServiceUnavailable"
      | "FlexFactorGatewayTimeout"
      | "FlexFactorUnreachable"
      | "FlexFactorTimeout"
    >()
  })

  it("is never a refund of unknown outcome", () => {
    expectTypeOf<Extract<OrdersError.RepeatableError, OrdersError.RefundOutcomeUnknown>>().toBeNever()
    expectTypeOf<OrdersError.RefundOutcomeUnknown>().not.toExtend<OrdersError.RepeatableError>()
  })

  it("is what isRepeatable finds, and isAmbiguous finds the unknown outcome", () => {
    expectTypeOf(OrdersError.isRepeatable).guards.toEqualTypeOf<OrdersError.RepeatableError>()
    expectTypeOf(OrdersError.isAmbiguous).guards.toEqualTypeOf<OrdersError.RefundOutcomeUnknown>()
    expectTypeOf(OrdersError.isOrdersError).guards.toEqualTypeOf<OrdersError.OrdersError>()
  })

  it("is found among the errors of Refunds and of the program, and leaves the others", () => {
    class OfTheProgram extends Data.TaggedError("OfTheProgram") {}
    type Failure = RefundOrCancelError | ResolveError | RefundsStopped | OfTheProgram
    const failing: Effect.Effect<void, Failure> = Effect.void
    expectTypeOf(Effect.catchIf(failing, OrdersError.isRepeatable, () => Effect.void)).toEqualTypeOf<
      Effect.Effect<void, Exclude<Failure, OrdersError.RepeatableError>>
    >()
    expectTypeOf(Effect.catchIf(failing, OrdersError.isAmbiguous, () => Effect.void)).toEqualTypeOf<
      Effect.Effect<void, Exclude<Failure, OrdersError.RefundOutcomeUnknown>>
    >()
  })

  it("is not looked for in what is no error", () => {
    type NoError = Exit.Exit<void, OrdersError.RefundError> | Result.Result<void, OrdersError.RefundError> | string
    expectTypeOf<Extract<NoError, Parameters<typeof OrdersError.isRepeatable>[0]>>().toBeNever()
    expectTypeOf<Extract<NoError, Parameters<typeof OrdersError.isAmbiguous>[0]>>().toBeNever()
  })
})

describe("ByStatus", () => {
  it("shows the error of a status", () => {
    expectTypeOf<OrdersError.ByStatus[400]>().toEqualTypeOf<OrdersError.FlexFactorBadRequest>()
    expectTypeOf<OrdersError.ByStatus[404]>().toEqualTypeOf<OrdersError.FlexFactorNotFound>()
    expectTypeOf<OrdersError.ByStatus[503]>().toEqualTypeOf<OrdersError.FlexFactorServiceUnavailable>()
  })

  it("has the statuses that FlexFactor documents, and the ones that any server may send", () => {
    expectTypeOf<keyof OrdersError.ByStatus>().toEqualTypeOf<
      400 | 401 | 403 | 404 | 405 | 409 | 422 | 429 | 500 | 502 | 503 | 504
    >()
  })
})

describe("the two ids of an order", () => {
  it("do not stand for each other", () => {
    expectTypeOf<OrderId>().not.toExtend<ExternalOrderId>()
    expectTypeOf<ExternalOrderId>().not.toExtend<OrderId>()
  })

  it("are texts, but no text is one of them unchecked", () => {
    expectTypeOf<OrderId>().toExtend<string>()
    expectTypeOf<ExternalOrderId>().toExtend<string>()
    expectTypeOf<string>().not.toExtend<OrderId>()
    expectTypeOf<string>().not.toExtend<ExternalOrderId>()
  })

  it("go to the operation that takes them", () => {
    expectTypeOf<Parameters<Service["cancel"]>[0]>().toEqualTypeOf<OrderId>()
    expectTypeOf<Parameters<Service["refund"]>[0]>().toEqualTypeOf<OrderId>()
    expectTypeOf<Parameters<Service["get"]>[0]>().toEqualTypeOf<OrderId>()
    expectTypeOf<Parameters<Service["cancelByExternalId"]>[0]>().toEqualTypeOf<ExternalOrderId>()
  })
})

describe("cents", () => {
  it("are a number, but no number is cents unchecked", () => {
    expectTypeOf<Cents>().toExtend<number>()
    expectTypeOf<number>().not.toExtend<Cents>()
    expectTypeOf<1999>().not.toExtend<Cents>()
    expectTypeOf<Parameters<Service["refund"]>[1]["amount"]>().toEqualTypeOf<Cents>()
  })
})
