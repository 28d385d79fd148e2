import { InvalidInput } from "../errors.ts";

/** A pretraining, as it is asked for: plain JSON, everything that the learned weights depend on. */
export interface PretrainConfig {
  /** Disc-shaped windows (for localization) or whole slices (the paper's). */
  readonly view: "windows" | "slices";
  /** `sorting` needs whole slices. */
  readonly pretext: "rotation" | "sorting";
  readonly encoder: "window-net" | "resnet18" | "resnet34" | "resnet50" | "resnet152";
  /** Channels of the encoder's first stage. */
  readonly width: number;
  readonly steps: number;
  /** Pairs per step (rotation). */
  readonly batchSize: number;
  /** Adam's peak learning rate. */
  readonly rate: number;
  readonly seed: number;
  /** Steps of linear rise to the peak. */
  readonly warmup: number;
  /** Diameter of a window, in voxels of the view. */
  readonly windowSize: number;
  /** Side of a whole slice as the network sees it, in pixels. */
  readonly imageSize: number;
  /** How far a whole slice's twin may be, as a share of the axis. */
  readonly twinRange: number;
  /** k: slices per step, all of one view (sorting). */
  readonly slicesPerBatch: number;
  /** Sorting: specimens may be mounted either way up. @default false */
  readonly flipInvariant?: boolean;
}

/** Throws `InvalidInput` naming the first value that cannot be trained with. */
export function checkPretrainConfig(config: PretrainConfig): void {
  const whole = (name: keyof PretrainConfig, least: number, most = Number.MAX_SAFE_INTEGER) => {
    const value = config[name] as number;
    if (!Number.isInteger(value) || value < least || value > most) {
      throw new InvalidInput(
        `Expected ${name} to be a whole number from ${least} to ${most}, got ${value}`,
      );
    }
  };
  whole("width", 1, 1024);
  whole("steps", 1);
  whole("batchSize", 1, 65536);
  whole("seed", 0, 2 ** 32 - 1);
  whole("warmup", 0);
  whole("windowSize", 4, 512);
  whole("imageSize", 8, 4096);
  whole("slicesPerBatch", 2, 65536);
  if (!(config.rate > 0) || config.rate > 1) {
    throw new InvalidInput(`Expected a rate above 0 and up to 1, got ${config.rate}`);
  }
  if (!(config.twinRange >= 0) || config.twinRange > 1) {
    throw new InvalidInput(`Expected a twinRange from 0 to 1, got ${config.twinRange}`);
  }
  if (config.pretext === "sorting" && config.view === "windows") {
    throw new InvalidInput("Expected whole slices for sorting: a window does not know its order");
  }
}
