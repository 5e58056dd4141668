/**
 * Durable `Refunds` in memory on a simulator, with the one order of the desk of `Refunds`.
 */
import { Effect, Layer, Option } from "effect"
import { WebCrypto } from "effect/crypto"
import { TestClock } from "effect/testing"
import { createHash } from "node:crypto"
import { RefundEvidence } from "../../src/index.ts"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { DurableRefunds, type RefundPayload, RefundWorkflow } from "../../src/workflow/index.ts"
import { cents, id, key, price, type SetUp, totals, untilIdle } from "../refunds/desk.ts"

export interface DurableSetUp extends Pick<SetUp, "simulator" | "totals" | "tuning"> {
  readonly policy?: DurableRefunds.DurablePolicy
}

/**
 * Digests at once: the engine names its executions by a digest, and the system's one comes from another thread, at a
 * time that no test clock knows.
 */
export const cryptoAtOnce: Crypto = new Proxy(globalThis.crypto, {
  get: (crypto, name) =>
    name !== "subtle" ? Reflect.get(crypto, name) : {
      digest: (_: string, data: Uint8Array) => Promise.resolve(createHash("sha256").update(data).digest())
    }
})

/** Runs a test at a desk of its own. */
export const atDurableDesk = ({ policy, simulator, totals: shown = totals, tuning }: DurableSetUp = {}) =>
  Effect.provide(
    DurableRefunds.layerMemory(policy).pipe(
      Layer.orDie,
      Layer.provideMerge(RefundEvidence.fromOrder(shown === "none" ? {} : shown)),
      Layer.provideMerge(
        FlexFactorSimulator.layer({ orders: [{ id, amount: cents(price) }], totals, ...simulator }, tuning)
      ),
      Layer.provideMerge(WebCrypto.layer(cryptoAtOnce))
    )
  )

/** Moves the clock on by hours in large steps, and lets the engine go on after each. */
export const passHours = Effect.fnUntraced(function*(hours: number) {
  for (let minute = 0; minute < hours * 60; minute += 5) {
    yield* TestClock.adjust("5 minutes")
    yield* untilIdle
  }
})

export const wholePayload: RefundPayload = { key, orderId: id }

export const payload = (amount = 1000): RefundPayload => ({ ...wholePayload, amount: cents(amount) })

/** Whether an execution has come to its end. */
export const isComplete = (given = payload()) =>
  RefundWorkflow.executionId(given).pipe(
    Effect.flatMap((executionId) => RefundWorkflow.poll(executionId)),
    Effect.map((result) => Option.isSome(result) && result.value._tag === "Complete")
  )
