import { readFileSync } from "node:fs";
import { LineCounter, parseDocument } from "yaml";
import { InvalidInput } from "../domain/errors.ts";

/** A batch of 5000 scans is a few megabytes; beyond this it is not one. */
const MAX_CHARACTERS = 64 * 2 ** 20;

/** A JSON or YAML file as a value; `InvalidInput` naming file and line where it is neither. */
export function loadDocument(file: string): unknown {
  return parseText(readText(file), file);
}

/** Text of a file called `file`: JSON where the name says so, else YAML. */
export function parseText(text: string, file: string): unknown {
  return file.toLowerCase().endsWith(".json") ? parseJson(text, file) : parseYaml(text, file);
}

function readText(file: string): string {
  try {
    const text = readFileSync(file, "utf8");
    if (text.length <= MAX_CHARACTERS) return text;
    throw new InvalidInput(
      `${file}: ${text.length} characters, expected a file of a few megabytes`,
    );
  } catch (cause) {
    if (cause instanceof InvalidInput) throw cause;
    const { code, message } = cause as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? "there is no such file" : message;
    throw new InvalidInput(`${file}: ${why}; expected a JSON or YAML file`, { cause });
  }
}

function parseJson(text: string, file: string): unknown {
  try {
    return JSON.parse(text.replace(/^\uFEFF/, "")) as unknown;
  } catch (cause) {
    const { message } = cause as SyntaxError;
    throw new InvalidInput(`${file}${whereJson(text, message)}: not JSON: ${message}`, { cause });
  }
}

/** `:line:column` of what is wrong: where JSON.parse gives a position, else where YAML stumbles. */
function whereJson(text: string, message: string): string {
  const position = /at position (\d+)/.exec(message)?.[1];
  const { document, lines } = readYaml(text);
  const at = position === undefined ? document.errors[0]?.pos[0] : Number(position);
  if (at === undefined) return "";
  const { line, col } = lines.linePos(at);
  return `:${line}:${col}`;
}

function parseYaml(text: string, file: string): unknown {
  const { document, lines } = readYaml(text);
  const problems = document.errors.map((error) => {
    const { line, col } = lines.linePos(error.pos[0]);
    return `${file}:${line}:${col}: not YAML: ${error.message}`;
  });
  if (problems.length > 0) throw new InvalidInput(problems.join("\n"));
  try {
    return document.toJS() as unknown;
  } catch (cause) {
    throw new InvalidInput(`${file}: not YAML: ${(cause as Error).message}`, { cause });
  }
}

function readYaml(text: string) {
  const lines = new LineCounter();
  return { document: parseDocument(text, { lineCounter: lines, prettyErrors: false }), lines };
}
