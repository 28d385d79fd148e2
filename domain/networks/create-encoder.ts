import type { Encoder, EncoderConfig } from "./encoder.ts";
import { createResnet } from "./resnet.ts";
import { createWindowNet } from "./window-net.ts";

/** The encoder that a configuration names. */
export function createEncoder({ kind, width }: EncoderConfig): Encoder {
  return kind === "window-net" ? createWindowNet({ kind, width }) : createResnet({ kind, width });
}
