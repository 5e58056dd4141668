import { defineConfig } from "vitest/config"

export default defineConfig({
  test: {
    root: ".",
    include: ["test/package/**/*.test.ts"],
    globalSetup: ["test/package/workshop.ts"],
    pool: "threads",
    maxWorkers: 2,
    testTimeout: 180_000
  }
})
