import { assert, describe, it } from "@effect/vitest"
import { Effect } from "effect"
import { spawnSync } from "node:child_process"
import { writeFileSync } from "node:fs"
import { join } from "node:path"
import { fileURLToPath } from "node:url"
import { temporaryFolder } from "./workers.ts"

const run = (program: string, ...args: ReadonlyArray<string>) =>
  spawnSync(process.execPath, [
    "--conditions=effect-flexfactor-source",
    "--no-warnings",
    fileURLToPath(new URL(`../../docs/examples/refund-csv/${program}`, import.meta.url)),
    ...args
  ], {
    encoding: "utf8",
    env: {
      ...process.env,
      FLEXFACTOR_ENVIRONMENT: "sandbox",
      FLEXFACTOR_APP_KEY: "key",
      FLEXFACTOR_APP_SECRET: "secret",
      FLEXFACTOR_BASE_URL: "http://127.0.0.1:1"
    }
  })

describe("The example that refunds a CSV file", () => {
  it("is killed in the middle, runs again, and leaves clean books", { timeout: 120_000 }, () => {
    const { status, stderr, stdout } = run("demo.ts")
    assert.include(stdout, "The books are clean.", stderr)
    assert.include(stdout, "exit status 1: a person is needed")
    assert.strictEqual(status, 0)
  })

  it.live("names the line, the column and the rule of what is wrong in a file, and sends nothing", () =>
    Effect.gen(function*() {
      const file = join(yield* temporaryFolder, "refunds.csv")
      writeFileSync(
        file,
        [
          "key,order,amount,message",
          "ticket-1,order-1,12.50,",
          "ticket-2,../order-2,12.505,\"two",
          "lines\""
        ].join("\r\n")
      )
      const { status, stderr, stdout } = run("refund-csv.ts", file)
      assert.strictEqual(stdout, "")
      assert.deepStrictEqual(stderr.trim().split("\n").map((line) => line.trim()), [
        "The file is not valid, so nothing was sent:",
        "line 3, column order: must not contain a slash, a backslash or a percent sign",
        "line 3, column order: must contain only letters, digits and . _ ~ : @ ! $ & ' ( ) * + , ; = -",
        "line 3, column amount: must not have more than two decimals",
        "line 3, column message: must be on one line"
      ])
      assert.strictEqual(status, 1)
    }).pipe(Effect.scoped))
})
