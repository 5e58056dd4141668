/**
 * What was measured, and on what.
 */
import { readFileSync } from "node:fs"
import { cpus, totalmem } from "node:os"
import { orderOf, refundAnswer } from "./bodies.ts"

const versionOf = (folder: string): string => {
  const { version } = JSON.parse(readFileSync(new URL(`${folder}/package.json`, import.meta.url), "utf8")) as {
    readonly version: string
  }
  return version
}

const root = "../../.."
const shared = ["effect", "@effect/platform-node", "undici"]
const clients = ["openapi-fetch", "zod", "ky", "got", "axios", "stripe", "esbuild", "rolldown"]

const bytesOf = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))

/** How large the bodies are. */
export const bodies = (): string =>
  `An order has ${Object.keys(orderOf(0)).length} fields and ${bytesOf(orderOf(0)).toLocaleString("en-US")} bytes, the `
  + `answer to a refund ${bytesOf(refundAnswer)} bytes.`

export const machine = (): string =>
  `${cpus().length} threads of ${cpus()[0]?.model.trim() ?? "an unknown processor"}, ${
    Math.round(totalmem() / 2 ** 30)
  } GB, ${process.platform} ${process.arch}, Node ${process.versions.node} (undici ${process.versions["undici"]} in it)`

export const versions = (): string =>
  [
    `effect-flexfactor ${versionOf(root)}`,
    ...shared.map((name) => `${name} ${versionOf(`${root}/node_modules/${name}`)}`),
    ...clients.map((name) => `${name} ${versionOf(`../clients/node_modules/${name}`)}`)
  ].join(", ")
