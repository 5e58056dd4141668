import { assert, describe, it } from "@effect/vitest"
import { Effect, Result, Schema } from "effect"
import { OpenApi } from "effect/http-api"
import { OrderPage } from "../../../src/index.ts"
import { FlexFactorApi } from "../../../src/testing/index.ts"
import { playBoth } from "./clients.ts"

describe("the contract", () => {
  it("describes all six requests in OpenAPI", () => {
    const { paths } = OpenApi.fromApi(FlexFactorApi.FlexFactorApi)
    const described = Object.entries(paths).map(([path, methods]) => [path, Object.keys(methods)] as const)
    assert.deepStrictEqual(Object.fromEntries(described), {
      "/v1/orders": ["get"],
      "/v1/orders/{id}": ["get"],
      "/v1/orders/{id}/refund": ["post"],
      "/v1/orders/{id}/cancel": ["post"],
      "/v1/orders/{externalId}/external-cancel": ["post"],
      "/v1/oauth2/token": ["post"]
    })
  })

  it("describes the nine parameters of the list", () => {
    const parameters = OpenApi.fromApi(FlexFactorApi.FlexFactorApi).paths["/v1/orders"]?.get?.parameters ?? []
    assert.sameMembers(
      parameters.map((parameter) => "name" in parameter ? parameter.name : ""),
      ["query", "status", "from", "to", "mid", "orderBy", "sort", "pageSize", "pageNumber"]
    )
  })

  it("asks for a bearer token on every request but the one for a token", () => {
    const { paths } = OpenApi.fromApi(FlexFactorApi.FlexFactorApi)
    for (const [path, methods] of Object.entries(paths)) {
      for (const operation of [methods.get, methods.post]) {
        if (operation === undefined) continue
        assert.deepStrictEqual(operation.security, path === "/v1/oauth2/token" ? [] : [{ bearer: [] }])
      }
    }
  })

  it("is an OpenAPI document that JSON holds", () => {
    const document = OpenApi.fromApi(FlexFactorApi.FlexFactorApi)
    assert.deepStrictEqual<unknown>(JSON.parse(JSON.stringify(document)), document)
    assert.strictEqual(document.info.title, "FlexFactor Orders API")
  })

  it.effect("writes a page so that the client reads it back", () =>
    Effect.gen(function*() {
      const { hand } = yield* playBoth((client) => [client.list({})])
      const page = Result.getOrThrow(hand.results[0] ?? Result.fail("no page"))
      const wire = yield* Schema.encodeUnknownEffect(OrderPage)(page)
      const text: unknown = JSON.parse(JSON.stringify(wire))
      assert.deepStrictEqual<unknown>(yield* Schema.decodeUnknownEffect(OrderPage)(text), page)
    }))
})
