import { readFile, writeFile } from "node:fs/promises";
import * as prettier from "prettier";

/**
 * Put text between the markers `<!-- bench:NAME -->` and `<!-- /bench:NAME -->` of a document, in
 * the place of what is there. The document must have the markers.
 */
export async function writeTables(path: string, name: string, text: string): Promise<void> {
  const [begin, end] = [`<!-- bench:${name} -->`, `<!-- /bench:${name} -->`];
  const document = await readFile(path, "utf8");
  const [from, to] = [document.indexOf(begin), document.indexOf(end)];
  if (from < 0 || to < from) throw new Error(`${path} has no ${begin} … ${end}`);
  const changed = `${document.slice(0, from + begin.length)}\n\n${text}\n\n${document.slice(to)}`;
  // As the formatter wants it, or the next check complains.
  const options = { ...(await prettier.resolveConfig(path)), filepath: path };
  await writeFile(path, await prettier.format(changed, options));
}
