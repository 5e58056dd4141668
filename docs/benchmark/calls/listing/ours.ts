/**
 * Reads a list as `orders.stream()`, with the modules of Effect that it needs and no others.
 */
import * as FlexFactor from "effect-flexfactor/FlexFactor"
import { Orders } from "effect-flexfactor/Orders"
import * as Effect from "effect/Effect"
import type * as HttpClient from "effect/http/HttpClient"
import * as Layer from "effect/Layer"
import * as Redacted from "effect/Redacted"
import * as Stream from "effect/Stream"
import { keyPair } from "../bodies.ts"
import type { ReadAll } from "../listingProcess.ts"

const appSecret = Redacted.make(keyPair.appSecret)

export const readAllOn = (transport: Layer.Layer<HttpClient.HttpClient>): ReadAll => (baseUrl, pageSize) =>
  Orders.use((orders) =>
    orders.stream({ pageSize }).pipe(Stream.runFold(() => 0, (count, order) => order.id === "" ? count : count + 1))
  ).pipe(
    Effect.provide(
      FlexFactor.production({ baseUrl, appKey: keyPair.appKey, appSecret }).pipe(Layer.provide(transport))
    ),
    Effect.runPromise
  )
