/**
 * A runner: it carries out the refunds that any process asks for. Start as many as you like, on as many machines, each
 * with an address of its own; here they are told apart by the PORT of their environment.
 *
 * It may be killed at any moment. Another runner goes on with what it had begun.
 */
import { NodeRuntime } from "@effect/platform-node"
import { Config, Effect, Layer, Option } from "effect"
import { layerRunner } from "effect-flexfactor/workflow/cluster"
import { RunnerAddress } from "effect/cluster"
import { clusterOptions, services } from "./settings.ts"

const runner = Layer.unwrap(Effect.gen(function*() {
  const { sharding, ...options } = yield* clusterOptions
  const address = RunnerAddress.RunnerAddress.make({ host: "127.0.0.1", port: yield* Config.Port("PORT") })
  return layerRunner({ ...options, sharding: { ...sharding, runnerAddress: Option.some(address) } })
}))

NodeRuntime.runMain(Layer.launch(runner.pipe(Layer.provide(services))))
