/**
 * How receiving a webhook can fail. None of these errors shows the key, a signature, the nonce or anything of the body,
 * so all of them can be logged.
 */
import * as DateTime from "effect/DateTime"
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"

/**
 * The delivery is not signed with the key for the host, or it was changed on its way. Do not act on it; answer with 401.
 *
 * If every delivery fails so, the key is of another endpoint, `host` is not the one that was registered, or something
 * before the program rewrites the body: its bytes must come as they were sent.
 */
export class WebhookSignatureInvalid extends Schema.TaggedError<WebhookSignatureInvalid>()(
  "WebhookSignatureInvalid",
  {}
) {
  override get message(): string {
    return "Webhook: the signature is not one of the key, the host and this body"
  }
}

/**
 * The delivery is signed, and it was sent longer ago than `tolerance`, or as much ahead of this machine's clock. `sentAt`
 * is the time that the sender signed.
 */
export class WebhookExpired extends Schema.TaggedError<WebhookExpired>()("WebhookExpired", {
  sentAt: Schema.DateTimeUtc,
  tolerance: Schema.Duration
}) {
  override get message(): string {
    return `Webhook: it was sent at ${DateTime.formatIso(this.sentAt)}, which is more than ${
      Duration.format(this.tolerance)
    } away from now`
  }
}

/**
 * The delivery is signed and came before. If it was handled then, answer as you did, so that the sender does not try
 * again. `sentAt` is the time that the sender signed.
 */
export class WebhookReplayed extends Schema.TaggedError<WebhookReplayed>()("WebhookReplayed", {
  sentAt: Schema.DateTimeUtc
}) {
  override get message(): string {
    return `Webhook: the delivery sent at ${DateTime.formatIso(this.sentAt)} came before`
  }
}

/**
 * A part of the delivery breaks a rule. `field` is a header, `body`, or a field of the body as it is written there;
 * `rule` says what it must be. The value is not shown.
 */
export class WebhookMalformed extends Schema.TaggedError<WebhookMalformed>()("WebhookMalformed", {
  field: Schema.String,
  rule: Schema.String
}) {
  override get message(): string {
    return `Webhook: ${this.field} ${this.rule}`
  }
}

/**
 * The store of nonces cannot be read or written, so it is not known whether the delivery came before. Do not act on it;
 * answer with 503, so that it is delivered again. `reason` says why, as far as it can be shown.
 */
export class WebhookNonceError extends Schema.TaggedError<WebhookNonceError>()("WebhookNonceError", {
  reason: Schema.String
}) {
  override get message(): string {
    return `WebhookNonces.isNew: ${this.reason}`
  }
}

/**
 * The inbox cannot be read or written. A delivery that was to be kept may be kept or not: answer with 503, so that it is
 * delivered again. `reason` says why, as far as it can be shown.
 */
export class WebhookInboxError extends Schema.TaggedError<WebhookInboxError>()("WebhookInboxError", {
  operation: Schema.Literals(["keep", "ofOrder", "handleNext", "events"]),
  reason: Schema.String
}) {
  override get message(): string {
    return `WebhookInbox.${this.operation}: ${this.reason}`
  }
}

/** How verifying a delivery can fail. */
export type WebhookVerifyError = WebhookSignatureInvalid | WebhookExpired | WebhookMalformed

/** How receiving a delivery can fail. */
export type WebhookError = WebhookVerifyError | WebhookReplayed | WebhookNonceError
