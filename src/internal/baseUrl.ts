/**
 * Where requests go. Credentials belong to one environment, so a base URL that leads to the other one, or to a name
 * that only looks like FlexFactor's, is refused before anything is sent there.
 */
import * as Result from "effect/Result"
import type { Environment } from "../FlexFactor.ts"

/** The hosts of each environment: today's, and the ones before June 2026 (documented). */
const hosts: Readonly<Record<Environment, readonly [current: string, old: string]>> = {
  sandbox: ["api-sandbox.flexfactor.io", "api-sandbox.flex-charge.com"],
  production: ["api.flexfactor.io", "api.flex-charge.com"]
}

const isLoopback = (host: string): boolean =>
  host === "localhost" || host.endsWith(".localhost") || host === "[::1]" || /^127(\.\d{1,3}){3}$/.test(host)

const parse = (text: string): URL | undefined => URL.canParse(text) ? new URL(text) : undefined

const refusal = (
  { hash, hostname, password, protocol, search, username }: URL,
  environment: Environment
): string | undefined => {
  const host = hostname.replace(/\.$/, "")
  if (protocol !== "https:" && !(protocol === "http:" && isLoopback(host))) {
    return "must be an https URL; plain http is for loopback addresses only"
  }
  if (username + password !== "") return "must not contain a user name or a password"
  if (search + hash !== "") return "must not contain a query or a fragment"
  const other = environment === "sandbox" ? "production" : "sandbox"
  if (hosts[other].includes(host)) return `leads to ${other}, but the environment is ${environment}`
  const own = hosts[environment]
  if (own.includes(host) || isLoopback(host)) return undefined
  if (/flex-?(?:factor|charge)|(?:^|\.)xn--/.test(host)) {
    return `looks like FlexFactor's but is not one of its hosts for ${environment} (${own.join(", ")}); `
      + "a host of your own must have neither its name nor an internationalised one"
  }
  return undefined
}

/**
 * The URL that the paths of the API are appended to, with the version, without a slash at the end; or the rule that
 * the options break. The version is part of the path: a base URL that already ends in one keeps it.
 */
export const resolveBaseUrl = ({ apiVersion, baseUrl, environment }: {
  readonly environment: Environment
  readonly baseUrl?: string | undefined
  readonly apiVersion?: string | undefined
}): Result.Result<string, string> => {
  const url = parse(baseUrl ?? `https://${hosts[environment][0]}`)
  if (url === undefined) return Result.fail("baseUrl must be an absolute URL")
  const rule = refusal(url, environment)
  if (rule !== undefined) return Result.fail(`baseUrl ${rule}`)
  if (apiVersion !== undefined && !/^v\d{1,4}$/.test(apiVersion)) {
    return Result.fail("apiVersion must be a \"v\" and a number, such as \"v1\"")
  }
  const path = url.pathname.replace(/\/+$/, "")
  const own = /\/(v\d{1,4})$/.exec(path)?.[1]
  if (own !== undefined && apiVersion !== undefined && own !== apiVersion) {
    return Result.fail(`baseUrl ends in ${own}, but apiVersion is ${apiVersion}`)
  }
  return Result.succeed(`${url.origin}${path}${own === undefined ? `/${apiVersion ?? "v1"}` : ""}`)
}
