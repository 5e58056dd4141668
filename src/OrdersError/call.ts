/**
 * The failures of a call that no status describes: it was not sent, or no usable answer came back.
 */
import * as Duration from "effect/Duration"
import * as Schema from "effect/Schema"
import { sentence, WrittenError } from "./answer.ts"
import { Operation } from "./operation.ts"

/**
 * Whether the request may have reached FlexFactor. `"no"` is proof: the connection was never made, or the call failed
 * before its own request was sent, such as while getting a token.
 */
const sent = Schema.Literals(["no", "maybe"])

const whetherSent = (error: { readonly sent: typeof sent.Type }): string =>
  error.sent === "no" ? "nothing was sent" : "it may have arrived"

/**
 * A value of the call breaks a rule, so nothing was sent. `field` names the value and `rule` what it must be;
 * `operation` is `Refunds` where it was given to one of its operations.
 */
export class FlexFactorInvalidRequest
  extends Schema.TaggedError<FlexFactorInvalidRequest>()("FlexFactorInvalidRequest", {
    operation: Schema.Literals([...Operation.literals, "Refunds"]),
    field: Schema.String,
    rule: Schema.String
  })
{
  override get message(): string {
    return sentence(this, `${this.field} ${this.rule}. Nothing was sent`)
  }
}

/**
 * A value of the call looks like real financial data, which FlexFactor forbids in its sandbox (documented), so nothing
 * was sent. `field` names the value, `kind` what it looks like. The value itself is not kept.
 */
export class SandboxDataRefused extends Schema.TaggedError<SandboxDataRefused>()("SandboxDataRefused", {
  operation: Operation,
  field: Schema.String,
  kind: Schema.Literals(["card number", "IBAN", "social security number"])
}) {
  override get message(): string {
    return sentence(
      this,
      `${this.field} looks like a real ${this.kind}, which must not be sent to the sandbox. Nothing was sent`
    )
  }
}

/**
 * No answer came back. `sent` says whether the request may have arrived; `code` is the system's code of the failure,
 * such as `ECONNREFUSED`, where there is one. On a refund that may have arrived this is `RefundOutcomeUnknown` instead.
 */
export class FlexFactorUnreachable extends Schema.TaggedError<FlexFactorUnreachable>()("FlexFactorUnreachable", {
  operation: Operation,
  sent,
  code: Schema.optionalKey(Schema.String)
}) {
  override get message(): string {
    return sentence(this, `no answer from FlexFactor, ${whetherSent(this)}`)
  }
}

/**
 * The deadline of the call passed; `timeout` is its length, and it covers everything from getting a token to decoding.
 * `sent` says whether the request may have arrived. On a refund that may have arrived this is `RefundOutcomeUnknown`
 * instead.
 */
export class FlexFactorTimeout extends Schema.TaggedError<FlexFactorTimeout>()("FlexFactorTimeout", {
  operation: Operation,
  sent,
  timeout: Schema.Duration
}) {
  override get message(): string {
    return sentence(this, `no answer within ${Duration.format(this.timeout)}, ${whetherSent(this)}`)
  }
}

/**
 * FlexFactor answered with a success that the library cannot read. `issue` says what is wrong with it, without quoting
 * it; `body` is its beginning, for a report (never of an answer that holds a token). As the answer to a refund this is
 * `RefundOutcomeUnknown` instead; a cancel may have happened: read the order.
 */
export class FlexFactorInvalidResponse
  extends WrittenError.extend<FlexFactorInvalidResponse>("FlexFactorInvalidResponse")({
    _tag: Schema.tag("FlexFactorInvalidResponse"),
    status: Schema.Int,
    issue: Schema.String,
    contentType: Schema.optionalKey(Schema.String)
  })
{
  override get message(): string {
    return sentence(this, `the answer with status ${this.status} cannot be read: ${this.issue}`)
  }
}

/**
 * The list of orders does not end: FlexFactor keeps announcing a next page without showing a new order, or shows an
 * earlier page than was asked for. `pageNumber` is the last page that was asked for.
 */
export class FlexFactorListStalled extends Schema.TaggedError<FlexFactorListStalled>()("FlexFactorListStalled", {
  operation: Operation,
  pageNumber: Schema.Int
}) {
  override get message(): string {
    return sentence(
      this,
      `asked for page ${this.pageNumber}, FlexFactor announces a next page, but shows no new order or an earlier page`
    )
  }
}
