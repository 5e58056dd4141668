/** The larger examples, copied into a project of somebody who installed the package. */
import { cpSync } from "node:fs"
import { join } from "node:path"
import { assert, describe, inject, it } from "vitest"
import { installedIn } from "./installed.ts"
import { outputOf } from "./started.ts"

const { withPeers } = inject("workshop")

describe("copied out of the package", () => {
  it.each(["promise-server", "refund-csv"])("the example %s runs, and its books are clean", async (name) => {
    cpSync(join(installedIn(withPeers), "docs/examples", name), join(withPeers, name), { recursive: true })
    const output = await outputOf(withPeers, process.execPath, "--no-warnings", join(name, "demo.ts"))
    assert.include(output, "The books are clean.")
  })
})
