/**
 * The ways the science can fail, as opposed to the ways the code can.
 *
 * The set is closed. Anything else that is thrown is a bug. No error here knows about retries:
 * `activities/failures.ts` decides that, in one table. A message names the scan, the file, the
 * value and what was expected.
 */

abstract class DomainError<Tag extends string> extends Error {
  abstract override readonly name: Tag;
}

/** The caller asked for something meaningless; asking again will not help. */
export class InvalidInput extends DomainError<"InvalidInput"> {
  override readonly name = "InvalidInput";
}

/** Something that must exist does not: a file, an object, an array. */
export class NotFound extends DomainError<"NotFound"> {
  override readonly name = "NotFound";
}

/** Bytes contradict what describes them: truncated, wrong size, NaN, bad checksum. */
export class CorruptData extends DomainError<"CorruptData"> {
  override readonly name = "CorruptData";
}

/** The bytes may be right, but this format or variant of it cannot be read. */
export class UnsupportedFormat extends DomainError<"UnsupportedFormat"> {
  override readonly name = "UnsupportedFormat";
}

/** Training left the numbers: the loss is NaN or infinite. */
export class Diverged extends DomainError<"Diverged"> {
  override readonly name = "Diverged";
}

/** A checkpoint or encoder does not fit the network that should load it. */
export class IncompatibleCheckpoint extends DomainError<"IncompatibleCheckpoint"> {
  override readonly name = "IncompatibleCheckpoint";
}

/** The machine, not the data, was too small: memory, disk. */
export class Capacity extends DomainError<"Capacity"> {
  override readonly name = "Capacity";
}

/** The object store cannot be reached, or answers that it cannot serve now. */
export class StoreUnavailable extends DomainError<"StoreUnavailable"> {
  override readonly name = "StoreUnavailable";
}

/** The object store refuses the credentials. */
export class StoreDenied extends DomainError<"StoreDenied"> {
  override readonly name = "StoreDenied";
}

/** The process that computed went away in the middle: killed, out of memory, aborted. */
export class EngineCrashed extends DomainError<"EngineCrashed"> {
  override readonly name = "EngineCrashed";
}

/** The worker is shutting down; another one should go on from the last checkpoint. */
export class WorkerShutdown extends DomainError<"WorkerShutdown"> {
  override readonly name = "WorkerShutdown";
}

const CLASSES = {
  InvalidInput,
  NotFound,
  CorruptData,
  UnsupportedFormat,
  Diverged,
  IncompatibleCheckpoint,
  Capacity,
  StoreUnavailable,
  StoreDenied,
  EngineCrashed,
  WorkerShutdown,
} as const;

export type AnyDomainError = InstanceType<(typeof CLASSES)[keyof typeof CLASSES]>;
export type ErrorName = AnyDomainError["name"];

export function isDomainError(error: unknown): error is AnyDomainError {
  return error instanceof DomainError;
}

/** Rebuild a domain error that crossed a process boundary as its name and message. */
export function domainError(name: string, message: string): AnyDomainError | undefined {
  return Object.hasOwn(CLASSES, name) ? new CLASSES[name as ErrorName](message) : undefined;
}
