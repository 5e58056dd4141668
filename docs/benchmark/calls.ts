/**
 * Measures effect-flexfactor beside what a backend would use instead: the time and the processor time of its calls, long
 * lists, imports, bundles, and the simulator.
 *
 * It needs the built package, and the packages of docs/benchmark/clients: `npm run bench` sees to both.
 *
 *   npm run bench [-- --quick] [--seconds 450] [--only calls,listings,imports,bundles,simulator] [--write docs/benchmark.md]
 */
import { NodeRuntime, NodeServices } from "@effect/platform-node"
import { Console, Effect } from "effect"
import { measureBundles } from "./calls/bundles.ts"
import { contenders } from "./calls/contenders.ts"
import { placeOfCalls, writeDocument } from "./calls/document.ts"
import { judge } from "./calls/goals.ts"
import { measureImports } from "./calls/imports.ts"
import { measureListings } from "./calls/listings.ts"
import { type Measure, readOptions } from "./calls/options.ts"
import { plotsOf } from "./calls/plots.ts"
import { onServer } from "./calls/processes.ts"
import { reportOf } from "./calls/report.ts"
import type { Results } from "./calls/results.ts"
import { measureCalls } from "./calls/rounds.ts"
import { measureSimulator } from "./calls/simulators.ts"

const options = readOptions()

const ifAsked = <A, E>(measure: Measure, effect: Effect.Effect<A, E>): Effect.Effect<A | undefined, E> =>
  options.measures.includes(measure)
    ? Effect.andThen(Console.error(`measuring ${measure}`), effect)
    : Effect.undefined

const benchmark = Effect.gen(function*() {
  const results: Results = {
    bundles: yield* ifAsked("bundles", measureBundles),
    imports: yield* ifAsked("imports", measureImports(options.repeats)),
    simulator: yield* ifAsked("simulator", measureSimulator(options.repeats)),
    listings: yield* ifAsked(
      "listings",
      onServer((baseUrl) => measureListings(baseUrl, options.orders, options.repeats))
    ),
    calls: yield* ifAsked(
      "calls",
      onServer((baseUrl) => measureCalls(contenders, baseUrl, options.seconds, options.rounds))
    )
  }
  const report = reportOf(results, options.rounds)
  yield* Console.log(report)
  yield* Console.log(`\n${judge(results)}`)
  if (options.write !== undefined) yield* writeDocument(options.write, placeOfCalls, report, plotsOf(results))
})

NodeRuntime.runMain(Effect.provide(benchmark, NodeServices.layer))
