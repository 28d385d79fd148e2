#!/usr/bin/env node
// The bin: plain JavaScript, so that it can say what is missing before anything else is there. In a
// checkout it runs the TypeScript, in a build what was made of it.
import { existsSync } from "node:fs";

const source = new URL("./main.ts", import.meta.url);
if (existsSync(source)) {
  let register;
  try {
    ({ register } = await import("tsx/esm/api"));
  } catch (error) {
    if (error?.code !== "ERR_MODULE_NOT_FOUND") throw error;
    console.error("microtome: its packages are not installed; run `npm ci` in its folder first");
    process.exit(1);
  }
  register();
  await import(source.href);
} else {
  await import(new URL("./main.js", import.meta.url).href);
}
