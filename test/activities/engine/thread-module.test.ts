import { readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, it } from "vitest";
import { threadModule } from "../../../activities/engine/thread-module.ts";
import { temporaryFolder } from "../../support/temporary.ts";

it("bundles a thread again when a file that it imports has changed, and only then", async () => {
  const folder = await temporaryFolder();
  const part = join(folder, "part.ts");
  const from = pathToFileURL(join(folder, "starter.ts")).href;
  await writeFile(
    join(folder, "thread.ts"),
    'import { said } from "./part.ts";\nexport const told: string = said;\n',
  );
  const told = async () => {
    const { file } = await threadModule("thread", from);
    const { told } = (await import(pathToFileURL(file).href)) as { told: string };
    return { file, told };
  };
  await writeFile(part, 'export const said = "first";\n');
  const first = await told();
  expect(first.told).toBe("first");
  // The bundle is what it was made of, until that changes: this mark stays.
  await writeFile(first.file, `${await readFile(first.file, "utf8")}\n// marked`);
  expect((await threadModule("thread", from)).file).toBe(first.file);
  expect(await readFile(first.file, "utf8")).toMatch(/\/\/ marked$/);
  await writeFile(part, 'export const said = "second";\n');
  const second = await told();
  expect(second.told).toBe("second");
  expect(second.file).not.toBe(first.file);
  // A bundle that is gone is made again.
  await rm(second.file);
  expect((await threadModule("thread", from)).file).toBe(second.file);
  expect(await readFile(second.file, "utf8")).toContain('"second"');
  await Promise.all([first, second].map(({ file }) => rm(file)));
});
