import { defineConfig } from "vitest/config";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    // Two native addons do not share a process politely.
    pool: "forks",
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
