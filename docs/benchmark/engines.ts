/**
 * The engines that durable refunds are measured on.
 */
import { Layer, Option, Redacted } from "effect"
import { RefundEvidence } from "effect-flexfactor"
import { DurableRefunds } from "effect-flexfactor/workflow"
import { layerRunner } from "effect-flexfactor/workflow/cluster"
import { layerEmbedded } from "effect-flexfactor/workflow/embedded"
import { RunnerAddress } from "effect/cluster"

/** Where orders show money here. */
export const totals = { refunded: "amountRefunded", charged: "amountCharged" } as const

const policy = { sendTimeout: "3 seconds", patience: "1 minute" } as const
const evidence = RefundEvidence.fromOrder(totals)
const runnerAddress = Option.some(RunnerAddress.RunnerAddress.make({ host: "127.0.0.1", port: 34_531 }))

export const inMemory = DurableRefunds.layerMemory(policy).pipe(Layer.provide(evidence))

export const inFile = (filename: string) => layerEmbedded({ filename, ...policy }).pipe(Layer.provide(evidence))

export const inPostgres = (url: string) =>
  layerRunner({ url: Redacted.make(url), sharding: { runnerAddress }, ...policy }).pipe(Layer.provide(evidence))
