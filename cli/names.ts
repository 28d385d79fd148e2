import { InvalidArgumentError } from "commander";
import { identifier } from "../schemas/shape.ts";

const VALID = new RegExp(identifier.pattern);

/** A batch, scan, campaign or model name from the command line. */
export function parseName(text: string): string {
  if (VALID.test(text)) return text;
  throw new InvalidArgumentError(`expected ${identifier.description}`);
}

/** `BATCH/SCAN` from the command line. */
export function parseBatchScan(text: string): { readonly batch: string; readonly scan: string } {
  const [batch, scan, ...more] = text.split("/");
  if (batch === undefined || scan === undefined || more.length > 0) {
    throw new InvalidArgumentError("expected BATCH/SCAN");
  }
  return { batch: parseName(batch), scan: parseName(scan) };
}

/** A whole number of at least `minimum` from the command line. */
export function parseCount(minimum: number, maximum: number = Number.MAX_SAFE_INTEGER) {
  return (text: string): number => {
    const value = Number(text);
    if (/^\d+$/.test(text) && value >= minimum && value <= maximum) return value;
    throw new InvalidArgumentError(`expected a whole number from ${minimum} to ${maximum}`);
  };
}
