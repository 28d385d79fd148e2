import { CorruptData, InvalidInput, NotFound } from "../../../domain/errors.ts";

/** Run a file operation; what the system answers comes out as a domain error that names the path. */
export async function attempt<T>(
  path: string,
  subject: string,
  action: () => Promise<T>,
): Promise<T> {
  try {
    return await action();
  } catch (error) {
    const code = (error as NodeJS.ErrnoException).code;
    if (code === "ABORT_ERR") throw (error as Error).cause ?? error;
    if (code === undefined) throw error;
    const text = (error as Error).message;
    if (code === "ENOENT" || code === "ENOTDIR") {
      throw new NotFound(`${subject}: there is no ${path}`, { cause: error });
    }
    if (code === "EACCES" || code === "EPERM") {
      throw new InvalidInput(`${subject}: ${path} may not be read: ${text}`, { cause: error });
    }
    if (code === "EIO") throw new CorruptData(`${subject}: ${path}: ${text}`, { cause: error });
    throw new InvalidInput(`${subject}: ${path} cannot be read: ${text}`, { cause: error });
  }
}
