/**
 * What every contender does, so that one can be measured against another: the honest whole of a call. It sends a bearer
 * token, gives up after 30 seconds, reads the answer, and says what was in it.
 */
import { idOf, keyPair } from "./bodies.ts"

export const deadline = 30_000

export const orderId = idOf(0)

/** What is measured: reading an order, refunding it, and reading a page of orders. */
export type Operation = "get" | "refund" | "page of 10" | "page of 100" | "page of 1000"

export const pageSizes = { "page of 10": 10, "page of 100": 100, "page of 1000": 1000 } as const

/** What each operation must come to: the id of the order, whether it was refunded, how many orders there are. */
export const expected: Readonly<Record<Operation, string | boolean | number>> = {
  ...pageSizes,
  get: orderId,
  refund: true
}

/** A contender that is ready, and calls for so many milliseconds, so many at once. Gives how many calls it made. */
export type Calls = (operation: Operation, atOnce: number, milliseconds: number) => Promise<number>

/** What a contender's module exports: connects to a server, and fetches the token. */
export type Open = (baseUrl: string) => Promise<Calls>

/** The operations of a contender that speaks promises. */
export interface Client {
  readonly get: () => Promise<string>
  readonly refund: () => Promise<boolean>
  readonly list: (pageSize: number) => Promise<number>
}

/** Checks what a call came to. */
export const check = (operation: Operation, value: unknown): void => {
  if (value !== expected[operation]) throw new Error(`${operation} came to ${String(value)}`)
}

const callOf = (client: Client, operation: Operation): () => Promise<unknown> => {
  if (operation === "get") return client.get
  if (operation === "refund") return client.refund
  const size = pageSizes[operation]
  return () => client.list(size)
}

/** The calls of a client that speaks promises. */
export const fromPromises = (client: Client): Calls => async (operation, atOnce, milliseconds) => {
  const call = callOf(client, operation)
  const end = performance.now() + milliseconds
  let calls = 0
  const worker = async () => {
    do {
      check(operation, await call())
      calls += 1
    } while (performance.now() < end)
  }
  await Promise.all(Array.from({ length: atOnce }, worker))
  return calls
}

/** Asks for a token, for the contenders that have no way of their own to get one. */
export const fetchToken = async (baseUrl: string): Promise<string> => {
  const response = await fetch(`${baseUrl}/v1/oauth2/token`, {
    method: "POST",
    headers: { "content-type": "application/json" },
    body: JSON.stringify({ AppKey: keyPair.appKey, AppSecret: keyPair.appSecret })
  })
  const { accessToken } = await response.json() as { readonly accessToken: string }
  return accessToken
}
