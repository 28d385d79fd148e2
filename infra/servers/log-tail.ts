import { closeSync, fstatSync, openSync, readSync } from "node:fs";

const ENOUGH = 64 * 1024;

/** What a log says from byte `offset` on, at most its last 64 kB; empty if there is no such file. */
export function readLog(file: string, offset = 0): string {
  let handle: number;
  try {
    handle = openSync(file, "r");
  } catch {
    return "";
  }
  try {
    const { size } = fstatSync(handle);
    const start = Math.max(Math.min(offset, size), size - ENOUGH);
    const buffer = Buffer.alloc(size - start);
    const length = readSync(handle, buffer, 0, buffer.length, start);
    return buffer.toString("utf8", 0, length);
  } finally {
    closeSync(handle);
  }
}

/** The last `count` lines that are not empty, indented for the end of an error message. */
export function logTail(file: string, offset = 0, count = 8): string {
  const lines = readLog(file, offset)
    .split("\n")
    .filter((line) => line.trim() !== "");
  return lines.length === 0 ? "  (the log is empty)" : lines.slice(-count).map(indent).join("\n");
}

function indent(line: string): string {
  return `  ${line.slice(0, 300)}`;
}
