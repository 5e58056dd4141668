/**
 * A server on a raw socket of this machine. It records every request in full and answers as a script says: with any
 * bytes, delayed, cut, reset, or never. It takes no part in HTTP beyond finding where a request ends.
 */
import { Effect, type Fiber, FiberSet, Schedule, type Scope } from "effect"
import { createServer, type Server as NetServer, type Socket } from "node:net"
import { createServer as createTlsServer, type TlsOptions } from "node:tls"

/** A request as it came over the wire. */
export interface Received {
  readonly method: string
  readonly target: string
  /** The request line and the header lines, byte for byte. */
  readonly head: string
  readonly headers: { readonly [name: string]: string | undefined }
  readonly body: string
  /** 0 for the first request of its connection. */
  readonly nthOnConnection: number
}

/** Something a server does on the connection of a request. */
export type Step = (socket: Socket) => Effect.Effect<void>

/** What a server does with a request; `nth` counts the requests of its kind from 0. */
export type Script = (request: Received, nth: number) => Step

export interface Server {
  readonly port: number
  readonly url: string
  /** Everything except token requests, in order of arrival. */
  readonly requests: ReadonlyArray<Received>
  readonly refunds: () => ReadonlyArray<Received>
  readonly tokenRequests: ReadonlyArray<Received>
  /** How many connections were ever made, and how many are open now. */
  readonly connections: () => { readonly made: number; readonly open: number }
  /** How many bytes the server handed to its sockets. */
  readonly bytesSent: () => number
}

// ---------------------------------------------------------------------------------------------------------------------
// Steps
// ---------------------------------------------------------------------------------------------------------------------

/** Sends bytes, and waits until the kernel took them. */
export const bytes = (data: string | Uint8Array): Step => (socket) =>
  Effect.callback((resume) => {
    socket.write(data, () => resume(Effect.void))
  })

export const pause = (milliseconds: number): Step => () => Effect.sleep(milliseconds)

/** Closes the connection in an orderly way. */
export const finish: Step = (socket) => Effect.sync(() => socket.end())

/** Tears the connection down, so that the client gets a reset. */
export const reset: Step = (socket) => Effect.sync(() => socket.resetAndDestroy())

/** Does nothing and leaves the connection open. */
export const silence: Step = () => Effect.void

export const sequence = (...steps: ReadonlyArray<Step>): Step => (socket) =>
  Effect.forEach(steps, (step) => step(socket), { discard: true })

/** Does the same again and again, until the connection closes. */
export const forever = (step: Step): Step => (socket) => Effect.forever(step(socket))

/** Sends a text byte by byte. */
export const drip = (text: string, every: number): Step =>
  sequence(...[...Buffer.from(text)].flatMap((byte) => [bytes(Uint8Array.of(byte)), pause(every)]))

export const head = (status: number | string, headers: { readonly [name: string]: string | number }): string =>
  `HTTP/1.1 ${status}${typeof status === "number" ? " Said" : ""}\r\n${
    Object.entries(headers).map(([name, value]) => `${name}: ${value}\r\n`).join("")
  }\r\n`

export const chunk = (data: string | Uint8Array): Uint8Array =>
  Buffer.concat([Buffer.from(`${Buffer.byteLength(data).toString(16)}\r\n`), Buffer.from(data), Buffer.from("\r\n")])

export const lastChunk = "0\r\n\r\n"

/** A well-formed answer with a body of a known length. */
export const answer = (
  status: number,
  body: unknown = "",
  headers: { readonly [name: string]: string | number } = {}
): Step => {
  const text = typeof body === "string" ? body : JSON.stringify(body)
  const type = typeof body === "string" ? "text/html" : "application/json"
  return bytes(head(status, { "content-type": type, "content-length": Buffer.byteLength(text), ...headers }) + text)
}

// ---------------------------------------------------------------------------------------------------------------------
// Server
// ---------------------------------------------------------------------------------------------------------------------

const headersOf = (head: string): Received["headers"] =>
  Object.fromEntries(
    head.split("\r\n").slice(1).map((line) => {
      const colon = line.indexOf(":")
      return [line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]
    })
  )

/** Takes the first whole request out of what came over a connection. */
const takeRequest = (
  received: Buffer,
  nthOnConnection: number
): { readonly request: Received; readonly rest: Buffer } | undefined => {
  const headEnd = received.indexOf("\r\n\r\n")
  if (headEnd === -1) return undefined
  const head = received.subarray(0, headEnd).toString("latin1")
  const headers = headersOf(head)
  const bodyStart = headEnd + 4
  const bodyEnd = bodyStart + Number(headers["content-length"] ?? 0)
  if (received.length < bodyEnd) return undefined
  const [method = "", target = ""] = head.split(" ")
  const body = received.subarray(bodyStart, bodyEnd).toString()
  return { request: { method, target, head, headers, body, nthOnConnection }, rest: received.subarray(bodyEnd) }
}

/** Grants tokens that say whose they are and which they are: `merchant/1`, `merchant/2`, ... */
export const grantToken: Script = (request, nth) => {
  const { AppKey: merchant } = JSON.parse(request.body) as { readonly AppKey: string }
  return answer(200, { accessToken: `${merchant}/${nth + 1}`, expires: Date.now() + 600_000 })
}

const listening = (server: NetServer, port: number) =>
  Effect.callback<number>((resume) => {
    server.once("error", (error) => resume(Effect.die(error)))
    server.listen(port, "127.0.0.1", () => {
      const address = server.address()
      resume(Effect.succeed(typeof address === "object" && address !== null ? address.port : 0))
    })
  })

export interface ServerOptions {
  /** Answers everything except token requests. */
  readonly orders: Script
  readonly token?: Script
  readonly tls?: TlsOptions
  /** Done on every new connection, before anything is read. */
  readonly greeting?: Step
  /** A port of its own, if not any free one. */
  readonly port?: number
}

/** Starts a server that stops with its scope. */
export const serve = Effect.fnUntraced(function*(
  { greeting = silence, orders, port: wanted = 0, tls, token = grantToken }: ServerOptions
): Effect.fn.Return<Server, never, Scope.Scope> {
  const run = yield* FiberSet.makeRuntime()
  const open = new Set<Socket>()
  const requests: Array<Received> = []
  const tokenRequests: Array<Received> = []
  let made = 0
  let sentBefore = 0

  const handle = (socket: Socket, request: Received) => {
    const [kind, script] = request.target.endsWith("/oauth2/token") ? [tokenRequests, token] : [requests, orders]
    kind.push(request)
    return run(script(request, kind.length - 1)(socket))
  }

  const accept = (socket: Socket) => {
    let received: Buffer = Buffer.alloc(0)
    let count = 0
    let answering: Fiber.Fiber<unknown, unknown> | undefined
    socket.setNoDelay(true)
    socket.on("error", () => {})
    socket.once("close", () => answering?.interruptUnsafe())
    socket.on("data", (data: Buffer) => {
      received = Buffer.concat([received, data])
      for (let next = takeRequest(received, count); next !== undefined; next = takeRequest(received, count)) {
        received = next.rest
        count += 1
        answering = handle(socket, next.request)
      }
    })
  }

  const watch = (socket: Socket) => {
    made += 1
    open.add(socket)
    socket.on("error", () => {})
    socket.once("close", () => {
      open.delete(socket)
      sentBefore += socket.bytesWritten
    })
    run(greeting(socket))
  }

  const server: NetServer = tls === undefined ? createServer(accept) : createTlsServer(tls, accept)
  server.on("connection", watch)

  const port = yield* Effect.acquireRelease(listening(server, wanted), () =>
    Effect.callback<void>((resume) => {
      server.close(() => resume(Effect.void))
      for (const socket of open) socket.destroy()
    }))

  return {
    port,
    url: `${tls === undefined ? "http" : "https"}://127.0.0.1:${port}`,
    requests,
    refunds: () => requests.filter(({ target }) => target.endsWith("/refund")),
    tokenRequests,
    connections: () => ({ made, open: open.size }),
    bytesSent: () => sentBefore + [...open].reduce((sum, socket) => sum + socket.bytesWritten, 0)
  }
})

/** Waits until a condition holds, and says whether it did in good time. */
export const eventually = (condition: () => boolean): Effect.Effect<boolean> =>
  Effect.sync(condition).pipe(
    Effect.flatMap((holds) => holds ? Effect.succeed(true) : Effect.fail("not yet")),
    Effect.retry(Schedule.spaced("10 millis").pipe(Schedule.upTo({ times: 300 }))),
    Effect.orElseSucceed(() => false)
  )

// ---------------------------------------------------------------------------------------------------------------------
// No server
// ---------------------------------------------------------------------------------------------------------------------

/** Below the ports that systems hand out by themselves, so that nobody opens one of these meanwhile. */
let candidate = 20_000 + (process.pid % 1_000) * 10 + (Number(process.env["VITEST_POOL_ID"] ?? 0) % 10) * 1000

/** A port that was free a moment ago, and is closed. */
export const closedPort: Effect.Effect<number> = Effect.suspend(() => {
  candidate += 1
  return Effect.scoped(serve({ port: candidate, orders: () => finish }))
}).pipe(Effect.map(({ port }) => port), Effect.catchCause(() => closedPort))
