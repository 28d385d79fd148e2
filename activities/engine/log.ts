/** Where the engine writes what its processes say; Temporal's `Logger` fits. */
export interface EngineLog {
  info(message: string, attributes?: Record<string, unknown>): void;
  warn(message: string, attributes?: Record<string, unknown>): void;
}
