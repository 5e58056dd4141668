/**
 * What `make` of a branded type says against a value that breaks its rule.
 */
import { assert, it } from "@effect/vitest"
import { inspect } from "node:util"
import { Cents, ExternalOrderId, OrderId, RefundKey } from "../src/index.ts"

const thrownBy = (run: () => unknown): Error => {
  try {
    run()
  } catch (error) {
    if (error instanceof Error) return error
  }
  return assert.fail("no error was thrown")
}

it.each<readonly [message: string, make: () => unknown]>([
  ["Cents must not be negative", () => Cents.make(-1)],
  ["OrderId must not be empty", () => OrderId.make("")],
  ["ExternalOrderId must not be empty", () => ExternalOrderId.make("")],
  ["RefundKey must not be empty", () => RefundKey.make("")],
  ["RefundKey must not begin or end with a space", () => RefundKey.make(" ticket-1")]
])("says so in one line, and prints nothing more than that and where it happened: %s", (message, make) => {
  const error = thrownBy(make)
  assert.strictEqual(error.message, message)
  assert.strictEqual(inspect(error), error.stack)
})
