/**
 * Requests as they are written on a socket, byte by byte.
 */
import { Effect, type Scope } from "effect"
import { connect, type Socket } from "node:net"

/** The head of a request that delivers a webhook, and is the only one of its connection. */
export const toHead = (headers: Readonly<Record<string, string>>): string =>
  [
    "POST /webhooks/flexfactor HTTP/1.1",
    "Connection: close",
    ...Object.entries(headers).map(([name, value]) => `${name}: ${value}`),
    "",
    ""
  ].join("\r\n")

/** A body in chunks of some bytes each. */
export const chunked = (body: Uint8Array, size: number): Buffer =>
  Buffer.concat([
    ...Array.from({ length: Math.ceil(body.length / size) }, (_, index) => {
      const chunk = body.subarray(index * size, (index + 1) * size)
      return Buffer.concat([Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from("\r\n")])
    }),
    Buffer.from("0\r\n\r\n")
  ])

/** A connection, and all that came over it once a text is in that, or once the connection ended. */
export interface Connection {
  readonly socket: Socket
  readonly received: (until?: string) => Effect.Effect<string>
}

/** Connects to a port of this machine. The connection ends with its scope. */
export const connected = (port: number): Effect.Effect<Connection, never, Scope.Scope> =>
  Effect.acquireRelease(
    Effect.callback<Connection>((resume) => {
      const socket = connect(port, "127.0.0.1", () => resume(Effect.succeed({ socket, received })))
      let text = ""
      const received = (until?: string): Effect.Effect<string> =>
        Effect.callback((resume) => {
          const look = (): void => {
            if (socket.closed || (until !== undefined && text.includes(until))) resume(Effect.succeed(text))
          }
          look()
          socket.on("data", look).on("close", look)
        })
      socket.on("error", () => {})
      socket.on("data", (chunk: Buffer) => {
        text += chunk.toString("latin1")
      })
    }),
    ({ socket }) => Effect.sync(() => socket.destroy())
  )
