import type { Encoder } from "../../domain/networks/encoder.ts";
import { NORMALISATION } from "../../domain/localization/normalisation.ts";
import type { Parameters } from "../../domain/networks/parameters.ts";
import type { PretrainedEncoder } from "../../domain/pretexts/encoder-file.ts";

/** An encoder with its weights, for other programs than ours. */
export interface ExportableEncoder {
  readonly encoder: Encoder;
  /** Its arrays, by the names of its specification. */
  readonly parameters: Parameters;
  /** Side of the images that go in, in pixels. */
  readonly size: number;
  /** What a user of the file must know: plain JSON, stored in it. */
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** What goes in and out of an exported encoder, by name. */
export const INPUT = "images";
export const OUTPUTS = ["embedding", "features"] as const;

/** A published encoder as it is exported: without its head, with everything that is known of it. */
export function exportableEncoder({ config, step, network }: PretrainedEncoder): ExportableEncoder {
  const { encoder, parts } = network;
  const windows = config.view === "windows";
  const size = windows ? config.windowSize : config.imageSize;
  return {
    encoder,
    parameters: parts.encoder,
    size,
    metadata: {
      format: "microtome-encoder",
      config,
      step,
      input: {
        name: INPUT,
        shape: ["n", size, size, 1],
        layout: "NHWC",
        content: windows
          ? "a window of a slice: outside its inscribed disc 0"
          : "a whole slice, scaled to fit and padded to a square with 0",
      },
      outputs: {
        embedding: { shape: ["n", encoder.embeddingSize], content: "features, their mean" },
        features: {
          shape: ["n", "h", "w", encoder.embeddingSize],
          layout: "NHWC",
          content: "the deepest feature map",
        },
      },
      normalisation: NORMALISATION,
    },
  };
}
