/**
 * A certificate for this machine that nobody trusts, made by the `openssl` command where there is one.
 */
import { execFileSync } from "node:child_process"
import { mkdtempSync, readFileSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { join } from "node:path"

export interface Certificate {
  readonly key: string
  readonly cert: string
}

const request = "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 2".split(" ")

const make = (subject: string, name: string): Certificate | undefined => {
  const folder = mkdtempSync(join(tmpdir(), "effect-flexfactor-"))
  const [key, cert] = [join(folder, "key.pem"), join(folder, "cert.pem")]
  try {
    execFileSync(
      "openssl",
      [...request, "-subj", `/CN=${subject}`, "-addext", `subjectAltName=${name}`, "-keyout", key, "-out", cert],
      { stdio: "ignore" }
    )
    return { key: readFileSync(key, "utf8"), cert: readFileSync(cert, "utf8") }
  } catch {
    return undefined
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** For `127.0.0.1`. */
export const selfSigned = make("localhost", "IP:127.0.0.1")

/** For another host. */
export const ofAnotherHost = make("elsewhere", "DNS:elsewhere.example")
