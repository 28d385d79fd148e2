import { execFileSync } from "node:child_process";
import { readFileSync, readdirSync } from "node:fs";

/**
 * What tells this run of process `pid` from a later one that got the same number: boot and start
 * time. Undefined if there is no such process (a zombie counts as none).
 */
export function processIdentity(pid) {
  if (!Number.isInteger(pid) || pid <= 0) return undefined;
  return process.platform === "linux" ? fromProc(pid) : fromPs(pid);
}

/** Whether the process that had this identity still runs. */
export function isAlive(pid, identity) {
  return identity !== undefined && processIdentity(pid) === identity;
}

function fromProc(pid) {
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, "utf8");
    // The second field is the program's name in brackets, and may hold spaces and brackets itself.
    const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    const [state, startTime] = [fields[0], fields[19]];
    // The first thread may be gone while others still hold the files and ports.
    const dead = state === "X" || (state === "Z" && readdirSync(`/proc/${pid}/task`).length < 2);
    if (dead) return undefined;
    const boot = readFileSync("/proc/sys/kernel/random/boot_id", "utf8").trim();
    return `${boot}/${startTime}`;
  } catch {
    return undefined;
  }
}

function fromPs(pid) {
  try {
    const line = execFileSync("ps", ["-o", "stat=,lstart=", "-p", String(pid)], {
      encoding: "utf8",
    });
    const [state, ...started] = line.trim().split(/\s+/);
    return state === undefined || state.startsWith("Z") ? undefined : started.join(" ");
  } catch {
    return undefined;
  }
}
