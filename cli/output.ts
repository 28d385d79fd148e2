import colors from "picocolors";

export type Colors = ReturnType<typeof colors.createColors>;

/** How a command speaks: to people, or in one JSON document to machines. */
export interface Output {
  readonly json: boolean;
  /** Lines may be drawn over: a terminal, and nobody who wants JSON. */
  readonly live: boolean;
  readonly columns: number;
  readonly rows: number;
  readonly color: Colors;
  /** The answer in words; on stderr where the answer is a document. */
  say(text: string): void;
  /** What a person should know besides: always on stderr. */
  note(text: string): void;
  /** The answer as a document; printed only with `--json`. */
  document(value: unknown): void;
}

/** Speak on this process's streams; colours as `NO_COLOR`, `FORCE_COLOR` and the terminal say. */
export function createOutput({ json = false }: { readonly json?: boolean }): Output {
  const { stdout, stderr } = process;
  const live = stdout.isTTY && !json;
  return {
    json,
    live,
    // A pseudo-terminal that nobody has sized says 0.
    columns: stdout.columns || 100,
    rows: stdout.rows || 24,
    color: colors.createColors(colors.isColorSupported && stdout.isTTY),
    say: (text) => void (json ? stderr : stdout).write(`${text}\n`),
    note: (text) => void stderr.write(`${text}\n`),
    document: (value) => {
      if (json) stdout.write(`${JSON.stringify(value, null, 2)}\n`);
    },
  };
}
