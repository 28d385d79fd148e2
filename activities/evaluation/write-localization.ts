import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { replacePath } from "../volumes/replace-path.ts";
import type {
  EvaluatedLocalization,
  EvaluateLocalizationRequest,
} from "./evaluate-localization.ts";
import { writeJson } from "./evaluate-splits.ts";
import { localizationMarkdown } from "./localization-markdown.ts";
import { localizationPage } from "./localization-page.ts";
import { localizationRows } from "./localization-rows.ts";
import type { LocalizationRow } from "./localization-rows.ts";

/** Everything that an evaluation of localizers found, in one document; the pictures are on the page. */
export interface LocalizationDocument extends Omit<EvaluatedLocalization, "pictures"> {
  readonly evaluation: "localization";
  readonly margin: number;
  readonly size: number;
  readonly plans: EvaluateLocalizationRequest["localizers"];
  readonly rows: readonly LocalizationRow[];
}

/** Write what an evaluation found: `evaluation.json`, `table.md`, and `localization.html` with figures. */
export async function writeLocalization(
  { out, margin, open, localizers: plans }: EvaluateLocalizationRequest,
  evaluated: EvaluatedLocalization,
): Promise<LocalizationDocument> {
  const rows = localizationRows(evaluated);
  const { pictures: _, ...measured } = evaluated;
  const document: LocalizationDocument = {
    evaluation: "localization",
    ...{ margin, size: open.size, plans, rows },
    ...measured,
  };
  await writeJson(join(out, "evaluation.json"), document);
  for (const [name, text] of [
    ["table.md", localizationMarkdown(rows)],
    ["localization.html", localizationPage(evaluated, rows, margin)],
  ] as const) {
    await replacePath(join(out, name), (path) => writeFile(path, text));
  }
  return document;
}
