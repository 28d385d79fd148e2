import type { MemoryWitness } from "./crash-message.ts";
import { readMemory, residentBytes } from "./memory.ts";

/**
 * Watch a process's memory, to know afterwards whether it died of it: after a kill by the kernel
 * there is plenty again. `stop` returns what was seen; undefined off Linux.
 */
export function witnessMemory(pid: number, everyMs = 1_000): { stop(): MemoryWitness | undefined } {
  const first = readMemory();
  let tightest = first;
  let peakResidentBytes = 0;
  const look = () => {
    const now = readMemory();
    if (now && tightest && now.availableBytes < tightest.availableBytes) tightest = now;
    peakResidentBytes = Math.max(peakResidentBytes, residentBytes(pid) ?? 0);
  };
  look();
  const timer = setInterval(look, everyMs);
  timer.unref();
  return {
    stop() {
      clearInterval(timer);
      if (!first || !tightest) return undefined;
      const oomKills = (readMemory()?.oomKills ?? 0) - first.oomKills;
      return { peakResidentBytes, tightest, oomKills };
    },
  };
}
