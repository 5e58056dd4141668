/**
 * One span for each operation, and nothing else where it succeeds at once.
 */
import { assert, describe, it } from "@effect/vitest"
import { Effect, Exit, Option, Stream } from "effect"
import { Cents, Orders } from "../../src/index.ts"
import { answered, id, observe, operations, sandbox } from "./observe.ts"

describe("an operation", () => {
  it.effect.each(operations)("is one client span: %s", ([name, program, attributes]) =>
    Effect.gen(function*() {
      const { exit, shown } = yield* observe(program)
      assert.isTrue(Exit.isSuccess(exit))
      assert.deepStrictEqual<unknown>(shown, [{ name, attributes }])
    }))

  it.effect.each(operations)("that succeeds logs and counts nothing: %s", ([, program]) =>
    Effect.gen(function*() {
      const { lines, metrics } = yield* observe(program)
      assert.deepStrictEqual(lines, [])
      assert.deepStrictEqual(metrics, [])
    }))

  it.effect.each(operations)("sends no trace headers to FlexFactor: %s", ([, program]) =>
    Effect.gen(function*() {
      const { requests } = yield* observe(Effect.withSpan(program, "backend"))
      assert.isAtLeast(requests.length, 2)
      for (const { headers } of requests) assert.doesNotHaveAnyKeys(headers, ["traceparent", "tracestate", "b3"])
    }))

  it.effect("carries no mark of the simulator: its span is the one that production shows", () =>
    Effect.gen(function*() {
      const { spans } = yield* observe(Orders.use((orders) => orders.get(id)))
      assert.notInclude(spans.flatMap((span) => [...span.attributes.keys()]), "http.route")
    }))

  it.effect("is a child of the span of the backend", () =>
    Effect.gen(function*() {
      const { spans } = yield* observe(
        Orders.use((orders) => orders.get(id)).pipe(Effect.withSpan("backend", { kind: "client" }))
      )
      const [backend, get] = spans
      assert.strictEqual(backend?.name, "backend")
      assert.strictEqual(get === undefined ? undefined : Option.getOrUndefined(get.parent)?.spanId, backend?.spanId)
    }))

  it.effect("holds no URL and no query, also where the list is streamed", () =>
    Effect.gen(function*() {
      const { shown, spans } = yield* observe(
        Orders.use((orders) => Stream.runDrain(orders.stream({ query: "example.com", pageSize: 2 })))
      )
      assert.deepStrictEqual(shown.map((span) => span.name), ["Orders.list", "Orders.list"])
      for (const span of spans) {
        assert.isFalse([...span.attributes.keys()].some((name) => /url|query|header|body/i.test(name)))
        assert.isFalse([...span.attributes.values()].some((value) => String(value).includes("example.com")))
        assert.deepStrictEqual(span.events, [])
      }
    }))

  it.effect("that fails ends its span with the error and the status of the answer", () =>
    Effect.gen(function*() {
      const { exit, shown, spans } = yield* observe(
        Orders.use((orders) => orders.refund(id, { amount: Cents.make(5001) }))
      )
      assert.isTrue(Exit.isFailure(exit))
      assert.deepStrictEqual(shown[0]?.attributes, { ...sandbox, ...answered, "flexfactor.order_id": id })
      const status = spans[0]?.status
      assert.isTrue(status?._tag === "Ended" && Exit.isFailure(status.exit))
    }))

  it.effect("that is refused before it is sent says neither status nor attempt", () =>
    Effect.gen(function*() {
      const { requests, shown } = yield* observe(
        Orders.use((orders) => orders.refund(id, { amount: Cents.make(0) }))
      )
      assert.deepStrictEqual(shown.map((span) => span.attributes), [sandbox])
      assert.deepStrictEqual(requests, [])
    }))
})
