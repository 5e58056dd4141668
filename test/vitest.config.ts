import { configDefaults, defineConfig } from "vitest/config"

export default defineConfig({
  resolve: { conditions: ["effect-flexfactor-source"] },
  ssr: { resolve: { conditions: ["effect-flexfactor-source"] } },
  test: {
    root: ".",
    include: ["test/**/*.test.ts"],
    exclude: [...configDefaults.exclude, "test/package/**"],
    globalSetup: ["test/support/postgresServer.ts"],
    pool: "threads",
    maxWorkers: 2,
    testTimeout: 120_000
  }
})
