import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { join } from "node:path"

describe("a list of a hundred thousand orders", () => {
  it("is read with a heap of 64 MB, which a list that was kept would not fit", () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        "--conditions=effect-flexfactor-source",
        "--max-old-space-size=64",
        join(import.meta.dirname, "listAll.ts"),
        "100"
      ],
      { encoding: "utf8" }
    )
    assert.strictEqual(stdout.trim(), "100000")
    assert.strictEqual(status, 0)
  })
})
