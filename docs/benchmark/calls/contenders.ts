/**
 * Who is compared with whom.
 */
export interface Contender {
  readonly name: string
  readonly label: string
  readonly module: URL
  /** The module of the smallest program that reads an order, to be bundled. */
  readonly program: URL
  /** What it makes of a body. */
  readonly reads: "JSON" | "JSON, validated" | "JSON, decoded and validated"
  readonly kind: "ours" | "effect" | "other"
  /** What a program imports for it, from the outside in. */
  readonly imports: ReadonlyArray<string>
}

const here = (name: string) => new URL(`${name}.ts`, import.meta.url)
const there = (name: string) => new URL(`../clients/${name}.ts`, import.meta.url)

const other = (
  name: string,
  label: string,
  imports: ReadonlyArray<string> = [name],
  reads: Contender["reads"] = "JSON"
): Contender => ({
  name,
  label,
  module: there(name),
  program: there(`programs/${name}`),
  reads,
  kind: "other",
  imports
})

const effect = (
  name: string,
  label: string,
  kind: "ours" | "effect",
  imports: ReadonlyArray<string>
): Contender => ({
  name,
  label,
  module: here(name),
  program: here(`programs/${name}`),
  reads: "JSON, decoded and validated",
  kind,
  imports
})

/** The one that the others are compared with. */
export const baseline: Contender = {
  ...other("fetch", "fetch, JSON.parse", []),
  module: here("fetch"),
  program: here("programs/fetch")
}

const undici = "@effect/platform-node/NodeHttpClient"

/** The contract alone: the module that exports it brings the simulator along. */
const contract = new URL("../../../dist/testing/FlexFactorApi.js", import.meta.url).href

export const contenders: ReadonlyArray<Contender> = [
  baseline,
  other("undici", "undici.request"),
  other("openapiFetch", "openapi-fetch, zod", ["openapi-fetch", "zod"], "JSON, validated"),
  other("ky", "ky"),
  other("got", "got"),
  other("axios", "axios"),
  other("stripe", "stripe-node"),
  effect("httpApiFetch", "HttpApiClient, Fetch", "effect", ["effect/http", "effect/http-api", contract]),
  effect("httpApiUndici", "HttpApiClient, Undici", "effect", [undici, "effect/http-api", contract]),
  effect("oursFetch", "effect-flexfactor, Fetch", "ours", ["effect/http", "effect-flexfactor"]),
  effect("oursFetchTransport", "effect-flexfactor, FetchTransport", "ours", [
    "effect/http",
    "effect-flexfactor/FetchTransport",
    "effect-flexfactor"
  ]),
  effect("oursUndici", "effect-flexfactor, Undici", "ours", [undici, "effect-flexfactor"]),
  effect("oursNodeTransport", "effect-flexfactor, NodeTransport", "ours", [
    "effect-flexfactor/NodeTransport",
    "effect-flexfactor"
  ])
]
