import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { ObjectStore } from "../../activities/deps.ts";
import { createMinioStore } from "../../activities/stores/minio-store.ts";
import { storeOptions } from "../../activities/stores/store-options.ts";
import { down, type Stack, up } from "../../infra/servers/stack.ts";
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
  /** Workers lead process groups of their own; a group takes its engine children along. */
  const kill = (pid: number) => {
    for (const target of [-pid, pid]) {
      try {
        process.kill(target, "SIGKILL");
      } catch (error) {
        if ((error as NodeJS.ErrnoException).code !== "ESRCH") throw error;
      }
    }
  };
  return {
    dir,
    up: bringUp,
    store: async () => createMinioStore(storeOptions((await running()).settings.store)),
    async killWorkers(...roles) {
      for (const { role, pid } of (await running()).state.workers) {
        if (roles.includes(role)) kill(pid);
      }
    },
    async killAll() {
      const { state } = await running();
      for (const { pid } of [...state.workers, state.temporal, state.store]) kill(pid);
      current = undefined;
    },
    async close() {
      await down({ dir });
      rmSync(dir, { recursive: true, force: true });
    },
  };
}
