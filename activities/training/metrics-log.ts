import { CorruptData } from "../../domain/errors.ts";
import type { LogPoint } from "./log-point.ts";

/**
 * Points as JSON Lines: `{"step":100,"time":"2026-11-25T01:00:00.000Z","loss":0.31,…}`, one line
 * each. A value that is not a number is written as null, since JSON has nothing else.
 */
export function encodeMetrics(points: readonly LogPoint[]): Uint8Array {
  const lines = points.map(({ step, time, values }) =>
    JSON.stringify({ step, time: new Date(time).toISOString(), ...values }),
  );
  return new TextEncoder().encode(lines.map((line) => `${line}\n`).join(""));
}

/** Read it back; null becomes NaN. `CorruptData` naming `path` and the line that is none of ours. */
export function decodeMetrics(bytes: Uint8Array, path: string): LogPoint[] {
  const lines = new TextDecoder().decode(bytes).split("\n");
  return lines.flatMap((line, i) => {
    if (line === "") return [];
    try {
      const { step, time, ...values } = JSON.parse(line) as Record<string, unknown>;
      if (typeof step !== "number" || typeof time !== "string") throw new Error("no step and time");
      const numbers = Object.entries(values).map(([name, value]) => [name, value ?? NaN]);
      return [{ step, time: Date.parse(time), values: Object.fromEntries(numbers) as never }];
    } catch (cause) {
      throw new CorruptData(`${path}, line ${i + 1}: expected a logged step: ${String(cause)}`, {
        cause,
      });
    }
  });
}
