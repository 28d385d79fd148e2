// The last step of `npm run build`: what TypeScript does not emit goes along to dist/ as it is.
import { cpSync, mkdirSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { fileURLToPath } from "node:url";

const CHECKOUT = dirname(dirname(fileURLToPath(import.meta.url)));
const DIST = join(CHECKOUT, "dist");

for (const folder of ["infra", "cli"]) {
  for (const entry of readdirSync(join(CHECKOUT, folder), { recursive: true })) {
    if (!entry.endsWith(".mjs")) continue;
    const to = join(DIST, folder, entry);
    mkdirSync(dirname(to), { recursive: true });
    cpSync(join(CHECKOUT, folder, entry), to);
  }
}
cpSync(join(CHECKOUT, "package.json"), join(DIST, "package.json"));
process.stdout.write(`Built into ${relative(process.cwd(), DIST)}/\n`);
