import type { JsonObject } from "../../domain/volumes/ome-metadata.ts";

export interface Intensity {
  /** The measured value is `slope` · stored value + `intercept`. */
  readonly slope: number;
  readonly intercept: number;
  readonly unit?: string;
}

/**
 * What the stored values of a scan measure, as its header says: NIfTI's scaling, the attributes of an
 * HDF5 data set, the `sample units` of a NRRD. Undefined when that says nothing. Voxels are stored
 * as they come; nothing is applied to them.
 */
export function describeIntensity(origin: JsonObject): Intensity | undefined {
  const fields = origin["fields"] as Readonly<Record<string, string>> | undefined;
  const unit = text(origin["intensityUnit"]) ?? text(fields?.["sample units"]);
  const slope = number(origin["slope"]);
  // NIfTI: a slope of 0 means that there is no scaling.
  const given = slope !== undefined && slope !== 0;
  const intercept = number(origin["intercept"]) ?? 0;
  const offset = given || origin["format"] !== "nifti" ? intercept : 0;
  const scaled = (given && slope !== 1) || offset !== 0;
  if (!scaled && unit === undefined) return undefined;
  return { slope: given ? slope : 1, intercept: offset, ...(unit === undefined ? {} : { unit }) };
}

const number = (value: unknown) =>
  typeof value === "number" && Number.isFinite(value) ? value : undefined;

const text = (value: unknown) => {
  const trimmed = typeof value === "string" ? value.replace(/^"|"$/g, "").trim() : "";
  return trimmed === "" ? undefined : trimmed;
};
