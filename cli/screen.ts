/** A few lines at the bottom of a terminal that are drawn over. */
export interface Screen {
  draw(lines: readonly string[]): void;
  /** Leave what is drawn and go on below it. */
  release(): void;
}

/** A screen on standard output, which must be a terminal. */
export function createScreen(stream: NodeJS.WriteStream): Screen {
  let drawn = 0;
  return {
    draw(lines) {
      const up = drawn === 0 ? "" : `\u001B[${drawn}A`;
      stream.write(`${up}\u001B[0J${lines.join("\n")}\n`);
      drawn = lines.length;
    },
    release() {
      drawn = 0;
    },
  };
}
