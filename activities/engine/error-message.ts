import { domainError } from "../../domain/errors.ts";
import type { ErrorMessage } from "./messages.ts";

const OUT_OF_MEMORY =
  /ENOMEM|bad_alloc|resource_?exhausted|OOM when allocating|allocation failed|out of memory/i;

/** What an error says about itself once it must leave its process. Lack of memory is `Capacity`. */
export function toErrorMessage(error: unknown): ErrorMessage {
  if (!(error instanceof Error)) return { name: "Error", message: String(error) };
  const { name, message, stack } = error;
  const short = domainError(name, message) === undefined && OUT_OF_MEMORY.test(message);
  return { name: short ? "Capacity" : name, message, ...(stack !== undefined && { stack }) };
}

/** The error again: a domain error of its class, or a plain `Error`; the stack is the sender's. */
export function fromErrorMessage({ name, message, stack }: ErrorMessage): Error {
  const error = domainError(name, message) ?? Object.assign(new Error(message), { name });
  if (stack !== undefined) error.stack = stack;
  return error;
}
