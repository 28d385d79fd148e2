import { readFileSync } from "node:fs";

/** How much memory this process and its children may still take, as the kernel counts it. */
export interface Memory {
  readonly availableBytes: number;
  readonly totalBytes: number;
  /** Processes that the kernel has killed for lack of memory since it booted. */
  readonly oomKills: number;
}

/** The tighter of the machine's and the container's (cgroup's) memory; undefined off Linux. */
export function readMemory(): Memory | undefined {
  const info = read("/proc/meminfo");
  if (info === undefined) return undefined;
  const machine = {
    availableBytes: number(info, /^MemAvailable:\s+(\d+)/m) * 1024,
    totalBytes: number(info, /^MemTotal:\s+(\d+)/m) * 1024,
  };
  const container = readContainer();
  const tighter =
    container && container.availableBytes < machine.availableBytes ? container : machine;
  return { ...tighter, oomKills: number(read("/proc/vmstat") ?? "", /^oom_kill (\d+)/m) };
}

/** The resident memory of a process in bytes; undefined if it is gone, or off Linux. */
export function residentBytes(pid: number): number | undefined {
  const status = read(`/proc/${pid}/status`);
  return status === undefined ? undefined : number(status, /^VmRSS:\s+(\d+)/m) * 1024;
}

type Room = Omit<Memory, "oomKills">;

function readContainer(): Room | undefined {
  const groups = read("/proc/self/cgroup") ?? "";
  const v2 = /^0::(.*)$/m.exec(groups)?.[1];
  const v1 = /^\d+:(?:[^:]*,)?memory(?:,[^:]*)?:(.*)$/m.exec(groups)?.[1];
  // Inside a container the path may be the host's, and the group is mounted at the root.
  return (
    room(`/sys/fs/cgroup${v2 ?? ""}`, V2) ??
    room("/sys/fs/cgroup", V2) ??
    room(`/sys/fs/cgroup/memory${v1 ?? ""}`, V1) ??
    room("/sys/fs/cgroup/memory", V1)
  );
}

const V2 = { limit: "memory.max", usage: "memory.current", cache: /^inactive_file (\d+)/m };
const V1 = {
  limit: "memory.limit_in_bytes",
  usage: "memory.usage_in_bytes",
  cache: /^total_inactive_file (\d+)/m,
};

function room(group: string, { limit, usage, cache }: typeof V2): Room | undefined {
  const totalBytes = Number(read(`${group}/${limit}`) ?? NaN); // "max" is no number either
  const usedBytes = Number(read(`${group}/${usage}`) ?? NaN);
  if (!Number.isFinite(totalBytes) || !Number.isFinite(usedBytes)) return undefined;
  const reclaimable = number(read(`${group}/memory.stat`) ?? "", cache);
  return { totalBytes, availableBytes: totalBytes - usedBytes + reclaimable };
}

function number(text: string, pattern: RegExp): number {
  return Number(pattern.exec(text)?.[1] ?? 0);
}

function read(path: string): string | undefined {
  try {
    return readFileSync(path, "utf8");
  } catch {
    return undefined;
  }
}
