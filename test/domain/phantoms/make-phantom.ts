import { createHash } from "node:crypto";
import { createPhantom } from "../../../domain/phantoms/create-phantom.ts";
import type { Phantom } from "../../../domain/phantoms/phantom.ts";
import type { PhantomRequest } from "../../../domain/phantoms/phantom-request.ts";

/** A phantom, made to the end. */
export function makePhantom(request: PhantomRequest): Phantom {
  const steps = createPhantom(request);
  let step = steps.next();
  while (!step.done) step = steps.next();
  return step.value;
}

/** The first 16 hexadecimal digits of the sha256 of an array's bytes. */
export function digest(data: Uint8Array | Uint16Array): string {
  return createHash("sha256").update(data).digest("hex").slice(0, 16);
}
