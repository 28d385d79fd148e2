/** `npm run docs`: write the documents that are made from the schemas. */
import { writeFileSync } from "node:fs";
import { DOCUMENTS } from "./documents.ts";

for (const { file, text } of DOCUMENTS) {
  writeFileSync(new URL(file, import.meta.url), text);
  console.log(`docs/${file}`);
}
