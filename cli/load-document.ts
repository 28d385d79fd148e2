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
    throw new InvalidInput(`${file}: ${text.length} characters, expected a file of a few megabytes`);
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
    const message = (cause as SyntaxError).message;
    const position = /at position (\d+)/.exec(message)?.[1];
    const before = text.slice(0, position === undefined ? text.length : Number(position));
    const lines = before.split("\n");
    throw new InvalidInput(
      `${file}:${lines.length}:${lines.at(-1)!.length + 1}: not JSON: ${message}`,
      { cause },
    );
  }
}

function parseYaml(text: string, file: string): unknown {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
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
