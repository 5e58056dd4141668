/**
 * A proxy of a server on this machine that mistreats the bytes of each connection: it splits and delays them, and tears
 * the connection down at a random byte, on the way there or on the way back.
 */
import { Effect, FiberSet, Queue, Random, type Scope } from "effect"
import { connect, createServer, type Socket } from "node:net"

export interface Chaos {
  /** The same seed draws the same numbers; which connection gets which depends on who comes first. */
  readonly seed: string
  /** The server behind. */
  readonly port: number
  /** A connection is torn down within so many bytes, in the one direction or the other. */
  readonly lifetime: number
  /** The longest time that a piece of a chunk is held back, in milliseconds. */
  readonly longestDelay: number
}

export interface ChaosProxy {
  readonly url: string
  /** How many connections were torn down, by the direction of the byte. */
  readonly cuts: () => { readonly there: number; readonly back: number }
}

const listening = Effect.fnUntraced(function*(accept: (socket: Socket) => void) {
  const open = new Set<Socket>()
  const server = createServer((socket) => {
    open.add(socket)
    socket.once("close", () => open.delete(socket))
    accept(socket)
  })
  return yield* Effect.acquireRelease(
    Effect.callback<number>((resume) => {
      server.listen(0, "127.0.0.1", () => {
        const address = server.address()
        resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
      })
    }),
    () =>
      Effect.callback<void>((resume) => {
        server.close(() => resume(Effect.void))
        for (const socket of open) socket.destroy()
      })
  )
})

/** Hands bytes to a socket, and waits until they left this process. */
const write = (socket: Socket, data: Uint8Array): Effect.Effect<void> =>
  Effect.callback((resume) => {
    socket.write(data, () => resume(Effect.void))
  })

export const startChaosProxy = Effect.fnUntraced(function*(
  { lifetime, longestDelay, port: target, seed }: Chaos
): Effect.fn.Return<ChaosProxy, never, Scope.Scope> {
  const run = yield* FiberSet.makeRuntime()
  const random = yield* Random.Random.pipe(Random.withSeed(seed))
  const below = (limit: number): number => Math.floor(random.nextDoubleUnsafe() * limit)
  const cuts = { there: 0, back: 0 }

  const tearDown = (sockets: ReadonlyArray<Socket>) => {
    const isHard = below(2) === 0
    for (const socket of sockets) {
      if (isHard) socket.resetAndDestroy()
      else socket.destroy()
    }
  }

  /** Carries bytes from one socket to the other, until as many have passed as this direction lives for. */
  const carry = Effect.fnUntraced(function*(from: Socket, to: Socket, direction: keyof typeof cuts, lives: number) {
    const chunks = yield* Queue.unbounded<Uint8Array>()
    from.on("data", (chunk: Buffer) => Queue.offerUnsafe(chunks, chunk))
    let passed = 0
    while (true) {
      let rest = yield* Queue.take(chunks)
      while (rest.length > 0) {
        const size = Math.min(rest.length, 1 + below(300), lives - passed)
        yield* Effect.sleep(below(longestDelay + 1))
        if (size > 0) yield* write(to, rest.subarray(0, size))
        passed += size
        rest = rest.subarray(size)
        if (passed < lives) continue
        cuts[direction] += 1
        return tearDown([from, to])
      }
    }
  })

  const accept = (client: Socket) => {
    const server = connect(target, "127.0.0.1")
    for (const [socket, other] of [[client, server], [server, client]] as const) {
      socket.setNoDelay(true)
      socket.on("error", () => {})
      socket.once("close", () => other.destroy())
    }
    const isThere = below(2) === 0
    const there = run(carry(client, server, "there", isThere ? below(lifetime) : Infinity))
    const back = run(carry(server, client, "back", isThere ? Infinity : below(lifetime)))
    client.once("close", () => {
      there.interruptUnsafe()
      back.interruptUnsafe()
    })
  }

  return { url: `http://127.0.0.1:${yield* listening(accept)}`, cuts: () => cuts }
})
