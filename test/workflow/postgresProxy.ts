/**
 * A way to a PostgreSQL that can be cut for a while.
 */
import { Effect, type Scope } from "effect"
import { connect, createServer, type Socket } from "node:net"

export interface PostgresProxy {
  readonly url: string
  /** Ends all connections and refuses new ones, for as long as the effect takes. */
  readonly without: <A, E, R>(effect: Effect.Effect<A, E, R>) => Effect.Effect<A, E, R>
}

const connectTo = (url: URL): Socket => {
  const folder = url.searchParams.get("host")
  return folder === null
    ? connect(Number(url.port || 5432), url.hostname)
    : connect(`${folder}/.s.PGSQL.${url.port || 5432}`)
}

export const startPostgresProxy = Effect.fnUntraced(function*(
  database: string
): Effect.fn.Return<PostgresProxy, never, Scope.Scope> {
  const target = new URL(database)
  const open = new Set<Socket>()
  let isCut = false
  const server = createServer((near) => {
    if (isCut) {
      near.destroy()
      return
    }
    const far = connectTo(target)
    const end = () => {
      near.destroy()
      far.destroy()
      open.delete(near)
    }
    open.add(near)
    for (const socket of [near, far]) socket.once("close", end).once("error", end)
    near.pipe(far)
    far.pipe(near)
  })
  const endAll = () => {
    for (const socket of open) socket.destroy()
  }
  const port = yield* Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
      })
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        endAll()
      })
  )
  const url = new URL(target)
  url.searchParams.delete("host")
  url.hostname = "127.0.0.1"
  url.port = String(port)
  return {
    url: url.href,
    without: (effect) =>
      Effect.acquireUseRelease(
        Effect.sync(() => {
          isCut = true
          endAll()
        }),
        () => effect,
        () =>
          Effect.sync(() => {
            isCut = false
          })
      )
  }
})
