import { assert, describe, it } from "@effect/vitest"
import { spawnSync } from "node:child_process"
import { join } from "node:path"

describe("a stream of sixty thousand refunds", () => {
  it("is worked through with a heap of 64 MB, which refunds that were kept would not fit", () => {
    const { status, stdout } = spawnSync(
      process.execPath,
      [
        "--conditions=effect-flexfactor-source",
        "--max-old-space-size=64",
        // What is young counts as well, and with more of it most of the time would go into collecting it.
        "--max-semi-space-size=4",
        join(import.meta.dirname, "refundMany.ts"),
        "60000"
      ],
      { encoding: "utf8" }
    )
    assert.strictEqual(stdout.trim(), "60000 60000")
    assert.strictEqual(status, 0)
  })
})
