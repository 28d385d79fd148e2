import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { ObjectStore } from "../../activities/deps.ts";
import { createMinioStore } from "../../activities/stores/minio-store.ts";
import { storeOptions } from "../../activities/stores/store-options.ts";
import { down, type Stack, up } from "../../infra/servers/stack.ts";
import { isAlive } from "../../infra/setup/process-identity.mjs";
import type { WorkerRole } from "../../infra/servers/workers.ts";

/** A stack of one test file: real servers and workers in a folder of their own. */
export interface TestStack {
  readonly dir: string;
  /** Start what is not running (again). */
  up(): Promise<Stack>;
  store(): Promise<ObjectStore>;
  /** SIGKILL these workers with everything below them, as the kernel would. */
  killWorkers(...roles: WorkerRole[]): Promise<void>;
  /** SIGKILL every process of the stack. */
  killAll(): Promise<void>;
  close(): Promise<void>;
}

export function createTestStack(name: string): TestStack {
  const dir = mkdtempSync(join(tmpdir(), `microtome-${name}-`));
  let current: Stack | undefined;
  const bringUp = async () => (current = await up({ dir }));
  const running = async () => current ?? bringUp();
  /**
   * Workers lead process groups of their own; a group takes its engine children along. A process is
   * not gone at once when it is killed, and `up` would find it running.
   */
  const kill = async (
    processes: readonly { readonly pid: number; readonly identity: string }[],
  ) => {
    for (const { pid } of processes) {
      for (const target of [-pid, pid]) {
        try {
          process.kill(target, "SIGKILL");
        } catch (error) {
          if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
        }
      }
    }
    while (processes.some(({ pid, identity }) => isAlive(pid, identity))) await sleep(20);
  };
  return {
    dir,
    up: bringUp,
    store: async () => createMinioStore(storeOptions((await running()).settings.store)),
    async killWorkers(...roles) {
      const { workers } = (await running()).state;
      await kill(workers.filter(({ role }) => roles.includes(role)));
    },
    async killAll() {
      const { state } = await running();
      await kill([...state.workers, state.temporal, state.store]);
      current = undefined;
    },
    async close() {
      await down({ dir });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
