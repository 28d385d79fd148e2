import { readFileSync } from "node:fs";

const EVERY_MS = 50;

/**
 * Watch the resident memory of a process and all that it starts, together. `stop` gives the most
 * that was seen, in bytes.
 */
export function watchMemory(pid: number): { stop(): number } {
  let peak = 0;
  const timer = setInterval(() => (peak = Math.max(peak, residentOfTree(pid))), EVERY_MS);
  return {
    stop() {
      clearInterval(timer);
      return peak;
    },
  };
}

function residentOfTree(pid: number): number {
  try {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const own = Number(/^VmRSS:\s+(\d+)/m.exec(status)?.[1] ?? 0) * 1024;
    const children = readFileSync(`/proc/${pid}/task/${pid}/children`, "utf8");
    return children
      .split(" ")
      .filter(Boolean)
      .reduce((sum, child) => sum + residentOfTree(Number(child)), own);
  } catch {
    return 0; // gone meanwhile
  }
}
