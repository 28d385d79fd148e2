import { isDomainError } from "../domain/errors.ts";

/** What a command's exit code says (DESIGN.md §7). */
export const EXIT = { done: 0, failed: 1, usage: 2, unreachable: 3, interrupted: 130 } as const;

export type ExitCode = (typeof EXIT)[keyof typeof EXIT];

/** A command ends here, with this code and, for people, this line. */
export class CommandEnd extends Error {
  override readonly name = "CommandEnd";
  readonly exitCode: ExitCode;

  constructor(exitCode: ExitCode, message: string, options?: ErrorOptions) {
    super(message, options);
    this.exitCode = exitCode;
  }
}

/** gRPC codes by which a server says that it is away, too slow to answer, or that we are not welcome. */
const AWAY = new Set([4, 7, 14, 16]);

/** The exit code of an error, and what to tell the user about it. */
export function explainExit(error: unknown): { readonly code: ExitCode; readonly message: string } {
  if (error instanceof CommandEnd) return { code: error.exitCode, message: error.message };
  if (isDomainError(error)) return { code: domainExit(error.name), message: error.message };
  const grpc = grpcError(error);
  if (grpc !== undefined && AWAY.has(grpc.code)) {
    return { code: EXIT.unreachable, message: `Temporal does not answer: ${grpc.details}` };
  }
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  return { code: EXIT.failed, message: `Unexpected (a bug, or an unknown server): ${text}` };
}

function domainExit(name: string): ExitCode {
  switch (name) {
    case "InvalidInput":
    case "NotFound":
      return EXIT.usage;
    case "StoreUnavailable":
    case "StoreDenied":
      return EXIT.unreachable;
    default:
      return EXIT.failed;
  }
}

function grpcError(
  error: unknown,
): { readonly code: number; readonly details: string } | undefined {
  for (let at = error, depth = 0; at instanceof Error && depth < 5; at = at.cause, depth++) {
    const { code, details } = at as { code?: unknown; details?: unknown };
    if (typeof code === "number" && typeof details === "string") return { code, details };
  }
  return undefined;
}
