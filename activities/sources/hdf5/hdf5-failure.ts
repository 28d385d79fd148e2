import { CorruptData, InvalidInput } from "../../../domain/errors.ts";

/**
 * What the library printed or threw as a domain error. Its stack of errors begins at the call and ends
 * at the cause, which is the one to tell.
 *
 * @param what was to be read
 */
export function hdf5Failure(subject: string, what: string, text: string, thrown: unknown): Error {
  const lines = [...text.matchAll(/^\s*#\d+: .*? in \w+\(\): (.*)$/gm)].map((line) => line[1]!);
  const reason =
    lines.at(-1) ?? (thrown instanceof Error ? thrown.message : text.trim().slice(0, 200));
  if (/already open for write|file is already open/.test(text)) {
    return new InvalidInput(
      `${subject} is marked as being written: wait for its writer, or clear the mark with h5clear -s if the writer has died`,
    );
  }
  return new CorruptData(`${subject} is truncated or damaged: ${what}: ${reason}`);
}
