import { randomUUID } from "node:crypto";
import { mkdir, rename, rm } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { toDiskError } from "../stores/disk-error.ts";

/**
 * Make a file or folder under a temporary name beside `to` and put it there when it is whole. What
 * was there before stays until then, and stays for good when making fails.
 */
export async function replacePath(
  to: string,
  make: (path: string) => Promise<void>,
): Promise<void> {
  const beside = (suffix: string) =>
    join(dirname(to), `.${basename(to)}.${randomUUID()}.${suffix}`);
  const path = beside("part");
  try {
    await mkdir(dirname(to), { recursive: true });
    await make(path);
    await rename(path, to).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOTEMPTY" && error.code !== "EEXIST") throw error;
      // A folder does not replace a full one in one step.
      const old = beside("old");
      await rename(to, old);
      await rename(path, to);
      await rm(old, { recursive: true });
    });
  } catch (error) {
    throw toDiskError(error, to);
  } finally {
    await rm(path, { recursive: true, force: true }).catch(() => undefined);
  }
}
