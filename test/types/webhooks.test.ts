import { describe, expectTypeOf, it } from "@effect/vitest"
import type { Effect } from "effect"
import type {
  OrdersError,
  RefundBlocked,
  RefundJournalError,
  Refunds,
  Webhook,
  WebhookError,
  WebhookInbox,
  WebhookVerifyError
} from "../../src/index.ts"

type ErrorOf<Operation extends (...args: never) => Effect.Effect<unknown, unknown, unknown>> = Effect.Error<
  ReturnType<Operation>
>

type VerifyTags = "WebhookSignatureInvalid" | "WebhookExpired" | "WebhookMalformed"

describe("the errors of", () => {
  it("verifying a delivery are what can be wrong with it", () => {
    expectTypeOf<WebhookVerifyError["_tag"]>().toEqualTypeOf<VerifyTags>()
    expectTypeOf<ErrorOf<Webhook.Verifier["verify"]>["_tag"]>().toEqualTypeOf<VerifyTags>()
  })

  it("receiving one are also that it came before, or that nobody knows", () => {
    expectTypeOf<WebhookError["_tag"]>().toEqualTypeOf<VerifyTags | "WebhookReplayed" | "WebhookNonceError">()
    expectTypeOf<ErrorOf<Webhook.Verifier["receive"]>["_tag"]>().toEqualTypeOf<WebhookError["_tag"]>()
  })

  it("keeping one are also those of the inbox, and a replay is none", () => {
    expectTypeOf<ErrorOf<Webhook.Verifier["keep"]>["_tag"]>().toEqualTypeOf<VerifyTags | "WebhookInboxError">()
    expectTypeOf<ErrorOf<WebhookInbox.WebhookInbox["Service"]["keep"]>["_tag"]>().toEqualTypeOf<"WebhookInboxError">()
  })

  it("reading an event are that it breaks a rule", () => {
    expectTypeOf<ErrorOf<typeof Webhook.decode>["_tag"]>().toEqualTypeOf<"WebhookMalformed">()
  })

  it("resolving what was reported are that it stays open", () => {
    expectTypeOf<ErrorOf<typeof Refunds.resolveReported>>().toEqualTypeOf<
      OrdersError.RefundOutcomeUnknown | RefundBlocked | RefundJournalError
    >()
  })
})
