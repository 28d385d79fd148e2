const LONGEST = 2_000;

/**
 * Cut a stream of text into lines, hand each on, and remember the last `keep` of them.
 * Empty ones and those that match `ignore` are dropped.
 *
 * A line longer than 2000 characters is cut in pieces: a child that never ends its line must not
 * fill its parent's memory.
 */
export function createOutputTail(
  keep: number,
  ignore: RegExp,
  onLine: (line: string) => void,
): { write(text: string): void; end(): void; lines(): readonly string[] } {
  const kept: string[] = [];
  let rest = "";

  const emit = (line: string) => {
    if (line.trim() === "" || ignore.test(line)) return;
    kept.push(line);
    if (kept.length > keep) kept.shift();
    onLine(line);
  };
  return {
    write(text) {
      const lines = (rest + text).split(/\r?\n/);
      rest = lines.pop()!;
      for (const line of lines) {
        for (let at = 0; at < line.length; at += LONGEST) emit(line.slice(at, at + LONGEST));
      }
      while (rest.length > LONGEST) {
        emit(rest.slice(0, LONGEST));
        rest = rest.slice(LONGEST);
      }
    },
    end() {
      emit(rest);
      rest = "";
    },
    lines: () => kept,
  };
}
