/**
 * One PostgreSQL for a whole run of the tests: the server of `DATABASE_URL`, or a throwaway one in a temporary folder.
 * Where there is neither, the tests that need one say that they were not run.
 */
import { execFileSync, spawn } from "node:child_process"
import { chownSync, existsSync, globSync, mkdtempSync, rmSync } from "node:fs"
import { tmpdir } from "node:os"
import { delimiter, join } from "node:path"
import type { TestProject } from "vitest/node"

/** Where PostgreSQL is, or why there is none. */
export type PostgresServer =
  | { readonly status: "running"; readonly url: string }
  | { readonly status: "missing" }
  | { readonly status: "broken"; readonly reason: string }

declare module "vitest" {
  export interface ProvidedContext {
    readonly postgres: PostgresServer
  }
}

/** The folder with the programs of the server: Debian keeps them out of the path. */
const findPrograms = (): string | undefined =>
  [
    ...(process.env["PATH"] ?? "").split(delimiter),
    ...globSync("/usr/lib/postgresql/*/bin").toSorted((a, b) => b.localeCompare(a, undefined, { numeric: true }))
  ].find((folder) => existsSync(join(folder, "initdb")) && existsSync(join(folder, "postgres")))

/** PostgreSQL refuses to run as root. */
const findUser = (): { readonly uid: number; readonly gid: number } | undefined => {
  if (process.getuid?.() !== 0) return undefined
  const idOf = (user: string, kind: "-u" | "-g") =>
    Number(execFileSync("id", [kind, user], { encoding: "utf8", stdio: ["ignore", "pipe", "ignore"] }))
  for (const user of ["postgres", "nobody"]) {
    try {
      return { uid: idOf(user, "-u"), gid: idOf(user, "-g") }
    } catch {
      // There is no such user.
    }
  }
  throw new Error("there is no user to run PostgreSQL as")
}

// The server goes, and its folder with it, when the pipe closes that the tests hold: also when they are killed.
const watched = `"$@" & server=$!; cat > /dev/null; kill -QUIT $server; wait $server; rm -rf "$FOLDER"`

const start = async (programs: string): Promise<{ readonly url: string; readonly stop: () => Promise<void> }> => {
  const user = findUser()
  const folder = mkdtempSync(join(tmpdir(), "flexfactor-postgres-"))
  if (user !== undefined) chownSync(folder, user.uid, user.gid)
  const data = join(folder, "data")
  const options = { cwd: folder, env: { ...process.env, FOLDER: folder, LC_ALL: "C" }, ...user }
  try {
    execFileSync(
      join(programs, "initdb"),
      ["-D", data, "-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "--no-sync"],
      { ...options, stdio: ["ignore", "ignore", "pipe"] }
    )
  } catch (cause) {
    rmSync(folder, { recursive: true, force: true })
    throw cause
  }
  const settings = { listen_addresses: "", unix_socket_directories: folder, fsync: "off", max_connections: "200" }
  const child = spawn(
    "/bin/sh",
    [
      "-c",
      watched,
      "sh",
      join(programs, "postgres"),
      "-D",
      data,
      ...Object.entries(settings).flatMap(([name, value]) => ["-c", `${name}=${value}`])
    ],
    // Apart from the terminal, whose interrupt is meant for the tests.
    { ...options, detached: true, stdio: ["pipe", "ignore", "pipe"] }
  )
  const ended = new Promise<void>((resolve) => child.once("close", () => resolve()))
  const stop = (): Promise<void> => {
    child.stdin.end()
    return ended
  }
  let output = ""
  const isReady = await new Promise<boolean>((resolve) => {
    const timer = setTimeout(() => resolve(false), 30_000)
    const end = (ready: boolean) => {
      clearTimeout(timer)
      resolve(ready)
    }
    child.stderr.on("data", (data: Buffer) => {
      output += data.toString()
      if (output.includes("ready to accept connections")) end(true)
      if (output.includes("database system is shut down") || output.includes("FATAL")) end(false)
    })
    child.once("close", () => end(false))
  })
  if (isReady) return { url: `postgres://postgres@localhost/postgres?host=${encodeURIComponent(folder)}`, stop }
  await stop()
  throw new Error(output)
}

export default async ({ provide }: TestProject): Promise<(() => Promise<void>) | undefined> => {
  const url = process.env["DATABASE_URL"]
  if (url !== undefined && url !== "") {
    provide("postgres", { status: "running", url })
    return undefined
  }
  const programs = findPrograms()
  if (programs === undefined) {
    provide("postgres", { status: "missing" })
    return undefined
  }
  try {
    const { stop, url } = await start(programs)
    provide("postgres", { status: "running", url })
    return stop
  } catch (cause) {
    provide("postgres", { status: "broken", reason: String(cause) })
    return undefined
  }
}
