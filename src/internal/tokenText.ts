/**
 * The texts that can be an access token: only visible ASCII fits a header, anything else would end or split it.
 */
import * as Schema from "effect/Schema"

export const TokenText = Schema.String.check(Schema.isPattern(/^[\x21-\x7E]{1,16384}$/))

export const isTokenText = Schema.is(TokenText)

export const tokenRule = "must be 1 to 16384 visible ASCII characters"
