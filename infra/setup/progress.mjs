const FRAMES = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏";
const REDRAW_MS = 100;
/** Without a terminal, a task that takes long says so this often. */
const REMIND_MS = 20_000;

/**
 * Show several tasks at once: on a terminal one live line each, elsewhere a plain line when one
 * starts, every 20 s, and when it ends. Nothing at all when `quiet`, except failures.
 */
export function createProgress({ stream, env, quiet }) {
  const live = Boolean(stream.isTTY) && env.TERM !== "dumb" && !quiet;
  const paint =
    live && !env.NO_COLOR ? (code, text) => `\x1b[${code}m${text}\x1b[0m` : (_, text) => text;
  const tasks = [];
  const started = Date.now();
  let drawn = 0;
  let frame = 0;
  let closed = false;

  const print = (line) => {
    if (!quiet) stream.write(`${line}\n`);
  };
  const redraw = () => {
    const width = (stream.columns ?? 80) - 1;
    let text = drawn > 0 ? `\x1b[${drawn}A` : "";
    for (const task of tasks) text += `\x1b[2K${clip(lineOf(task), width, paint, task)}\n`;
    drawn = tasks.length;
    frame++;
    stream.write(text);
  };
  const lineOf = (task) => {
    const mark = { running: FRAMES[frame % FRAMES.length], done: "✓", failed: "✗" }[task.state];
    return `${mark} ${task.name.padEnd(24)} ${seconds(task).padStart(6)}  ${task.note}`;
  };
  const remind = () => {
    for (const task of tasks) {
      if (task.state === "running") print(`  ${task.name}: ${task.note} (${seconds(task)})`);
    }
  };
  const timer = quiet
    ? undefined
    : setInterval(live ? redraw : remind, live ? REDRAW_MS : REMIND_MS);
  timer?.unref?.();

  return {
    task(name) {
      const task = { name, note: "", state: "running", started: Date.now(), ended: undefined };
      tasks.push(task);
      if (!live) print(`  ${name}: started`);
      const end = (state, note) => {
        task.state = state;
        task.note = note;
        task.ended = Date.now();
      };
      return {
        note: (text) => (task.note = text),
        done(text) {
          end("done", text);
          if (!live) print(`✓ ${name}: ${text} (${seconds(task)})`);
        },
        fail(text) {
          end("failed", text);
          if (!live) stream.write(`✗ ${name}: ${text}\n`);
        },
      };
    },
    line: (text) => {
      if (live) drawn = 0;
      print(text);
    },
    /** Draw the last state. A failure's whole line follows, however narrow the terminal was. */
    close() {
      clearInterval(timer);
      if (!live || closed) return;
      closed = true;
      redraw();
      for (const task of tasks) {
        if (task.state === "failed") stream.write(`${paint(31, "✗")} ${task.name}: ${task.note}\n`);
      }
    },
    elapsed: () => (Date.now() - started) / 1000,
  };
}

function clip(line, width, paint, { state }) {
  const text = line.length > width ? `${line.slice(0, width - 1)}…` : line;
  const colour = { running: 36, done: 32, failed: 31 }[state];
  return paint(colour, text.slice(0, 1)) + text.slice(1);
}

function seconds({ started, ended }) {
  return `${(((ended ?? Date.now()) - started) / 1000).toFixed(1)} s`;
}
