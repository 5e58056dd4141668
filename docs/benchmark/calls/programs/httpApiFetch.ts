import * as Effect from "effect/Effect"
import * as HttpApiClient from "effect/http-api/HttpApiClient"
import * as FetchHttpClient from "effect/http/FetchHttpClient"
import * as HttpClient from "effect/http/HttpClient"
import * as HttpClientRequest from "effect/http/HttpClientRequest"
import { OrderId } from "../../../../src/OrderId.ts"
import * as FlexFactorApi from "../../../../src/testing/FlexFactorApi.ts"

const baseUrl = process.env["FLEXFACTOR_BASE_URL"] ?? ""

const program = Effect.gen(function*() {
  const { token } = yield* HttpApiClient.make(FlexFactorApi.FlexFactorApi, { baseUrl })
  const payload = { AppKey: process.env["APP_KEY"] ?? "", AppSecret: process.env["APP_SECRET"] ?? "" }
  const { accessToken } = yield* token.token({ payload })
  const transformClient = HttpClient.mapRequest(HttpClientRequest.bearerToken(accessToken))
  const { orders } = yield* HttpApiClient.make(FlexFactorApi.FlexFactorApi, { baseUrl, transformClient })
  const order = yield* Effect.timeout(orders.get({ params: { id: OrderId.make(process.argv[2] ?? "") } }), "30 seconds")
  console.log(order.statusName)
})

await Effect.runPromise(Effect.provide(program, FetchHttpClient.layer))
