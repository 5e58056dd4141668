import { assert, describe } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { fileURLToPath } from "node:url"
import { itOnPostgres, postgresUrl } from "../support/postgres.ts"

const demo = fileURLToPath(new URL("../../docs/examples/cluster/demo.ts", import.meta.url))

describe("The example of a cluster", () => {
  itOnPostgres(
    "has its runners killed in the middle, and leaves clean books",
    () =>
      Effect.gen(function*() {
        const { status, stderr, stdout } = spawnSync(process.execPath, [
          "--conditions=effect-flexfactor-source",
          "--no-warnings",
          demo
        ], { encoding: "utf8", env: { ...process.env, DATABASE_URL: yield* postgresUrl } })
        assert.include(stdout, "The books are clean.", `${stdout}${stderr}`)
        assert.strictEqual(status, 0)
      }),
    { timeout: 300_000 }
  )
})
