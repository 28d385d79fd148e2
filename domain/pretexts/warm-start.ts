import { IncompatibleCheckpoint } from "../errors.ts";
import { exportParameters, importParameters } from "../networks/parameters.ts";
import { loadWeights, toWeights } from "../networks/weights.ts";
import type { PretextNetwork } from "./create-pretext-network.ts";
import { openEncoder } from "./encoder-file.ts";

/**
 * Put a published encoder's weights into a network: the encoder's, and the rest where the pretext is
 * the same. Throws `IncompatibleCheckpoint` when the architecture differs, or `CorruptData`.
 */
export function warmStartFrom(bytes: Uint8Array, to: PretextNetwork): void {
  const { network: from } = openEncoder(bytes);
  try {
    const [a, b] = [from.encoder.config, to.encoder.config];
    if (a.kind !== b.kind || a.width !== b.width) {
      throw new IncompatibleCheckpoint(
        `Expected an encoder ${b.kind} of width ${b.width}, got ${a.kind} of width ${a.width}`,
      );
    }
    importParameters(to.parts.encoder, exportParameters(from.parts.encoder));
    if (from.pretext === to.pretext) loadWeights(to, toWeights(from));
    if (to.pretext === "mocov3") to.momentum.copy();
  } finally {
    from.dispose();
  }
}
