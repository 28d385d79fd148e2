import { mkdir, mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { parseArgs } from "node:util";
import { AREAS } from "./areas.ts";
import { describeMachine } from "./machine.ts";
import type { Bench, Measure, Row } from "./measure.ts";
import { markdownTable, textTable } from "./tables.ts";
import { writeTables } from "./write-tables.ts";

const DOCUMENT = fileURLToPath(new URL("../../docs/performance.md", import.meta.url));

const USAGE = `Usage: npm run bench -- AREA [options]

Measures this checkout against its peers, in alternating runs on this machine.

Areas: ${Object.entries(AREAS)
  .map(([name, measures]) => `${name} (${measures.map((measure) => measure.name).join(", ")})`)
  .join("; ")}

  --only NAME     one measure; may be given several times
  --large         those, too, that take tens of gigabytes of disk
  --runs N        alternating runs of each side (default 5)
  --shape Z,Y,X   another size than the goals are about, to try the harness
  --dir FOLDER    where scratch files go (default: the system's folder for them)
  --json          print the rows as JSON
  --write         put the tables into docs/performance.md
  --help          this text
`;

class Usage extends Error {}

async function main(): Promise<number> {
  let asked;
  try {
    asked = readArguments(process.argv.slice(2));
  } catch (error) {
    process.stderr.write(`${(error as Error).message}\n\n${USAGE}`);
    return 2;
  }
  if (asked === undefined) {
    process.stdout.write(USAGE);
    return 0;
  }
  const { measures, json, write, area, dir, ...options } = asked;
  const scratch = await mkdtemp(join(dir, "microtome-bench-"));
  const interrupted = new Promise<never>((_, reject) => {
    for (const signal of ["SIGINT", "SIGTERM"] as const) {
      process.once(signal, () => reject(new Error(`interrupted by ${signal}`)));
    }
  });
  const rows: Row[] = [];
  try {
    for (const measure of measures) {
      const folder = join(scratch, measure.name);
      await mkdir(folder);
      const note = (text: string) => process.stderr.write(`${measure.name}: ${text}\n`);
      const bench: Bench = { folder, note, ...options };
      const measured = await Promise.race([measure.run(bench), interrupted]);
      rows.push(...measured);
      await rm(folder, { recursive: true });
      if (write) {
        const facts = (await describeMachine(area)).map((fact) => `- ${fact}`).join("\n");
        const text = `${markdownTable(measured)}\n\n${facts}\n- Runs: the median of ${bench.runs}`;
        await writeTables(DOCUMENT, `${area}:${measure.name}`, text);
      }
    }
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
  if (json) process.stdout.write(`${JSON.stringify(rows, null, 2)}\n`);
  else process.stdout.write(`${textTable(rows)}\n\n${(await describeMachine(area)).join("\n")}\n`);
  return 0;
}

function readArguments(args: readonly string[]) {
  const { values, positionals } = parseArgs({
    args: [...args],
    allowPositionals: true,
    options: {
      only: { type: "string", multiple: true },
      large: { type: "boolean", default: false },
      runs: { type: "string", default: "5" },
      shape: { type: "string" },
      dir: { type: "string", default: tmpdir() },
      json: { type: "boolean", default: false },
      write: { type: "boolean", default: false },
      help: { type: "boolean", short: "h", default: false },
    },
  });
  if (values.help) return undefined;
  const [area, ...more] = positionals;
  const all = area === undefined ? undefined : Object.entries(AREAS).find(([key]) => key === area);
  if (all === undefined || more.length > 0) {
    const given = positionals.length === 0 ? "none" : positionals.join(" ");
    throw new Usage(`Expected one area of ${Object.keys(AREAS).join(", ")}, got ${given}`);
  }
  const { only, large, json, write, dir } = values;
  return {
    area: all[0],
    measures: select(all[1], only, large),
    runs: wholeNumber(values.runs, "--runs"),
    shape: values.shape === undefined ? undefined : readShape(values.shape),
    json,
    write,
    dir,
  };
}

function select(all: readonly Measure[], only: readonly string[] | undefined, large: boolean) {
  const unknown = only?.find((name) => !all.some((measure) => measure.name === name));
  if (unknown !== undefined) {
    const names = all.map(({ name }) => name).join(", ");
    throw new Usage(`--only expects one of ${names}, got ${unknown}`);
  }
  return all.filter((measure) => only?.includes(measure.name) ?? (large || measure.large !== true));
}

function readShape(text: string): readonly [number, number, number] {
  const [z, y, x, ...more] = text.split(",").map((part) => wholeNumber(part, "--shape"));
  if (x === undefined || more.length > 0) throw new Usage(`--shape expects Z,Y,X, got ${text}`);
  return [z!, y!, x];
}

function wholeNumber(text: string, name: string): number {
  const value = Number(text);
  if (Number.isInteger(value) && value > 0) return value;
  throw new Usage(`${name} expects whole numbers of 1 or more, got ${text}`);
}

try {
  process.exitCode = await main();
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = (error as Error).message.startsWith("interrupted") ? 130 : 1;
}
