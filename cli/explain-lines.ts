import { formatBytes, formatSeconds } from "../activities/report/format.ts";
import type { ExplainedResult, ExplainedStage } from "../activities/plan/explain-scan.ts";
import { wrapText } from "./wrap-text.ts";

const AXES = ["z", "y", "x"];
const INDENT = " ".repeat(13);

/** What happened to a scan, for people; key parts where one stage was asked for. */
export function explainLines(
  stages: readonly ExplainedStage[],
  {
    about,
    columns,
    parts,
  }: { readonly about: string; readonly columns: number; readonly parts: boolean },
): string[] {
  return stages.flatMap(({ stage, how, results, failure }) => [
    `  ${stage.padEnd(10)} ${how}`,
    ...results.flatMap((result) => resultLines(result, results.length > 1, columns, parts)),
    ...(failure === undefined
      ? []
      : [
          ...wrapText(`${failure.type}: ${failure.message}`, columns, INDENT),
          ...wrapText(whatToDo(about, failure.retryable), columns, INDENT),
        ]),
  ]);
}

function resultLines(
  { key, manifest, reason }: ExplainedResult,
  several: boolean,
  columns: number,
  parts: boolean,
): string[] {
  if (manifest === undefined) return wrapText(`${key.slice(0, 12)}: ${reason}`, columns, INDENT);
  const { run, outputs } = manifest;
  const axis = manifest.parts.parameters["axis"];
  const which = several && typeof axis === "number" ? `${AXES[axis]}: ` : "";
  const bytes = outputs.reduce((sum, output) => sum + output.bytes, 0);
  const attempt = run.attempt === 1 ? "" : `, attempt ${run.attempt}`;
  const when = run.startedAt.slice(0, 19).replace("T", " ");
  const made = `${which}${key.slice(0, 12)} made ${when} UTC in ${formatSeconds(run.seconds)} by ${run.host}${attempt}, ${formatBytes(bytes)}`;
  return [
    ...wrapText(made, columns, INDENT),
    ...wrapText(`made because: ${reason}`, columns, INDENT),
    ...(parts
      ? [
          ...wrapText(`key: ${key}`, columns, INDENT),
          ...wrapText(`version: ${manifest.parts.version}`, columns, INDENT),
          ...["parameters", "inputs"].flatMap((kind) =>
            Object.entries(manifest.parts[kind as "parameters" | "inputs"]).flatMap(
              ([name, value]) =>
                wrapText(`${kind.slice(0, -1)} ${name}: ${JSON.stringify(value)}`, columns, INDENT),
            ),
          ),
          ...outputs
            .slice(0, 5)
            .flatMap((output) => wrapText(`artifact: ${output.key}`, columns, INDENT)),
          ...(outputs.length > 5 ? [`${INDENT}… and ${outputs.length - 5} more artifacts`] : []),
        ]
      : []),
  ];
}

function whatToDo(about: string, retryable: boolean): string {
  const [batch, scan] = about.split("/");
  const again = `microtome retry ${batch} --only ${scan}`;
  return retryable
    ? `What to do: it may pass when tried again: \`${again}\``
    : `What to do: mend the cause (the file, or a field with --set), then \`${again}\``;
}
