/**
 * A program that reads a long list with little memory. It prints how many orders it saw; it dies if it keeps them.
 */
import { Effect, Layer, Redacted, Stream } from "effect"
import { HttpClient, HttpClientResponse } from "effect/http"
import { FlexFactor, Orders } from "../../src/index.ts"

const pages = Number(process.argv[2])
const pageSize = 1000

const pageOf = (pageNumber: number) => ({
  items: Array.from({ length: pageSize }, (_, n) => ({
    id: `order-${pageNumber}-${n}`,
    status: 7,
    email: "customer@example.com",
    orderPlacedDate: "2026-01-01T00:00:00Z",
    more: "x".repeat(200)
  })),
  pageNumber,
  pageSize,
  totalItemCount: pages * pageSize,
  hasNextPage: pageNumber < pages
})

const http = HttpClient.make((request, url) =>
  Effect.sync(() =>
    HttpClientResponse.fromWeb(
      request,
      Response.json(
        url.pathname.endsWith("/oauth2/token")
          ? { accessToken: "token" }
          : pageOf(Number(url.searchParams.get("pageNumber") ?? "1"))
      )
    )
  )
)

const layer = FlexFactor.production({ appKey: "key", appSecret: Redacted.make("secret") }).pipe(
  Layer.provide(Layer.succeed(HttpClient.HttpClient, http))
)

const count = Orders.use((orders) => Stream.runCount(orders.stream({ pageSize })))

console.log(await Effect.runPromise(Effect.provide(count, layer)))
