/**
 * A producer: it asks for refunds, and leaves it to the runners to carry them out. It asks again for what has no verdict
 * yet. The same key is the same refund, so that is always safe.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Console, Effect, Layer, Stream } from "effect"
import { Refunds } from "effect-flexfactor"
import { layerClient } from "effect-flexfactor/workflow/cluster"
import { barOf, makeSummary } from "../refund-csv/screen.ts"
import { clusterOptions, services } from "./settings.ts"
import { requests } from "./story.ts"

const client = Layer.unwrap(Effect.map(clusterOptions, layerClient))

const hasVerdict = ({ outcome }: Refunds.RefundResult): boolean => outcome === "refunded" || outcome === "rejected"

const showTenths = (progress: Refunds.RefundProgress) =>
  progress.done % Math.ceil(requests.length / 10) === 0 ? Console.log(barOf(progress)) : Effect.void

const producer = Effect.gen(function*() {
  const refunds = yield* Refunds.Refunds
  const summary = makeSummary()
  let left: ReadonlyArray<Refunds.KeyedRefund> = requests
  while (left.length > 0) {
    const unsettled: Array<Refunds.KeyedRefund> = []
    yield* refunds.many(left, {
      concurrency: left.length,
      rate: { refunds: 6, per: "1 second" },
      onProgress: showTenths
    }).pipe(
      Stream.runForEach((one) => hasVerdict(one) ? summary.add(one) : Effect.sync(() => unsettled.push(one.request)))
    )
    if (unsettled.length > 0) yield* Console.log(`asks again for ${unsettled.map(({ key }) => key).join(", ")}`)
    left = unsettled
  }
  yield* Console.log(`\n${summary.render()}`)
})

producer.pipe(Effect.provide(client.pipe(Layer.provide(services))), NodeRuntime.runMain)
