import type { Progress } from "../activities/deps.ts";
import { formatPercent } from "../activities/report/format.ts";
import { bar } from "./board.ts";
import type { Output } from "./output.ts";

/** One line that says how far a command is: drawn over on a terminal, else a line per tenth. */
export function createProgressLine(output: Pick<Output, "live" | "note">): {
  readonly update: (progress: Progress) => void;
  readonly done: () => void;
} {
  let tenth = -1;
  let drawn = false;
  return {
    update({ fraction, note = "" }) {
      const text = `${formatPercent(fraction).padStart(5)}  ${note}`;
      if (output.live) {
        process.stderr.write(`\r\u001B[K${bar(fraction)} ${text}`);
        drawn = true;
      } else if (Math.floor(fraction * 10) > tenth) {
        tenth = Math.floor(fraction * 10);
        output.note(text);
      }
    },
    done() {
      if (drawn) process.stderr.write("\n");
      drawn = false;
    },
  };
}
