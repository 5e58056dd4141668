/**
 * What all processes of the cluster agree on: how patient refunds are, how orders are shared, and what evidence is.
 *
 * Who you are and where FlexFactor is comes from the environment, as FLEXFACTOR_ENVIRONMENT, FLEXFACTOR_APP_KEY and the
 * like, and so does the PostgreSQL that they share, as DATABASE_URL.
 */
import { Config, Effect, Layer, References } from "effect"
import { FlexFactor, RefundEvidence } from "effect-flexfactor"
import * as NodeTransport from "effect-flexfactor/NodeTransport"
import type { ClusterOptions } from "effect-flexfactor/workflow/cluster"

/** Where an order shows its money. Look at an order of yours that was refunded partly, and name what you see. */
export const totals = { charged: "amountCharged", refunded: "amountRefunded" } as const

/**
 * The intervals are short for the show: a runner notices within half a second that another one came or went. So are the
 * times of the policy: what takes seconds here takes minutes where money moves.
 */
export const clusterOptions: Effect.Effect<ClusterOptions, Config.ConfigError> = Effect.map(
  Config.Redacted("DATABASE_URL"),
  (url) => ({
    url,
    sharding: {
      shardsPerGroup: 20,
      refreshAssignmentsInterval: "500 millis",
      entityMessagePollInterval: "500 millis"
    },
    settleWindow: "3 seconds",
    readingGap: "500 millis",
    sendTimeout: "3 seconds",
    patience: "20 seconds",
    maximumSends: 6
  })
)

/** The log is silent, so that there is something else to see. LOG_LEVEL=Info shows how the cluster takes it all. */
const logLevel = Layer.effect(References.MinimumLogLevel, Config.withDefault(Config.LogLevel("LOG_LEVEL"), "None"))

/** What a process needs besides the cluster. */
export const services = RefundEvidence.fromOrder(totals).pipe(
  Layer.provideMerge(FlexFactor.layerConfig()),
  Layer.provide(NodeTransport.layer),
  Layer.provideMerge(logLevel)
)
