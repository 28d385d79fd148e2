import { defineConfig } from "vitest/config";

/** `npm run test:long` adds what takes longer than a person waits; see `infra/test.mjs`. */
const long = process.env["MICROTOME_LONG"] === "1";

export default defineConfig({
  test: {
    include: ["test/**/*.test.ts"],
    exclude: long ? [] : ["test/long/**"],
    // Two native addons do not share a process politely.
    pool: "forks",
    // The long ones train for minutes, and two at once would both be half as far.
    fileParallelism: !long,
    testTimeout: 60_000,
    hookTimeout: 120_000,
  },
});
