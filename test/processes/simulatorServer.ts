/**
 * The simulator as a server for other processes, which notices each refund that is on its way.
 */
import { NodeHttpServer } from "@effect/platform-node"
import { Context, Effect, Layer, type Scope } from "effect"
import { HttpServer } from "effect/http"
import { createServer, type IncomingMessage, type ServerResponse } from "node:http"
import { FlexFactorSimulator } from "../../src/testing/index.ts"
import { totals } from "./protocol.ts"

/** A request: when it came, and when it was over, in milliseconds. */
export interface Passage {
  readonly path: string
  readonly came: number
  readonly ended: number
}

export interface SimulatorServer {
  readonly url: string
  readonly port: number
  readonly simulator: FlexFactorSimulator.FlexFactorSimulator["Service"]
  /** Waits for the nth request from now on: until it comes, or until it is over. */
  readonly nthRequest: (n: number, until: "comes" | "is over") => Effect.Effect<void>
  /** The refunds that were sent, those that are over. */
  readonly refunds: () => ReadonlyArray<Passage>
}

export const serveSimulator = Effect.fnUntraced(function*(
  options: FlexFactorSimulator.SimulatorOptions = {}
): Effect.fn.Return<SimulatorServer, never, Scope.Scope> {
  const server = createServer()
  const refunds: Array<Passage> = []
  server.on("request", ({ url: path = "" }: IncomingMessage, response: ServerResponse) => {
    const came = performance.now()
    if (path.endsWith("/refund")) {
      response.once("close", () => refunds.push({ path, came, ended: performance.now() }))
    }
  })

  const context = yield* Layer.build(
    FlexFactorSimulator.layerHttpServer({ totals, ...options }).pipe(
      Layer.provideMerge(NodeHttpServer.layer(() => server, { port: 0, host: "127.0.0.1" })),
      Layer.orDie
    )
  )
  const { address } = Context.get(context, HttpServer.HttpServer)
  const port = address._tag === "InetAddressV4" ? address.port : 0

  return {
    url: `http://127.0.0.1:${port}`,
    port,
    simulator: Context.get(context, FlexFactorSimulator.FlexFactorSimulator),
    refunds: () => refunds,
    nthRequest: (n, until) =>
      Effect.callback((resume) => {
        let seen = 0
        const count = (_: IncomingMessage, response: ServerResponse) => {
          seen += 1
          if (seen !== n) return
          server.off("request", count)
          if (until === "comes") resume(Effect.void)
          else response.once("close", () => resume(Effect.void))
        }
        server.on("request", count)
        return Effect.sync(() => server.off("request", count))
      })
  }
})
