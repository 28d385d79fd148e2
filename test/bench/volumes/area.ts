import type { Measure } from "../measure.ts";
import { CROP } from "./crop.ts";
import { INGEST } from "./ingest.ts";
import { INTO_MINIO } from "./into-minio.ts";
import { COMPONENTS, MEAN } from "./kernels.ts";
import { SIZES } from "./sizes.ts";

/** Issue "Volumes": any scan in, OME-Zarr out, at the speed of the disk. */
export const VOLUMES: readonly Measure[] = [INGEST, INTO_MINIO, CROP, MEAN, COMPONENTS, SIZES];
