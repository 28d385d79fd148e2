import { readFileSync } from "node:fs";

/** Numbers that torch computed: what a script of `test/fixtures/make/torch` wrote. */
export function torchFixture<T>(name: string): T {
  const path = new URL(`../fixtures/torch/${name}.json`, import.meta.url);
  return JSON.parse(readFileSync(path, "utf8")) as T;
}
