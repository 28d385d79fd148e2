import { CorruptData } from "../../domain/errors.ts";
import type { CertaintyMap } from "../../domain/localization/view.ts";
import type { Output } from "../../schemas/manifest.ts";
import { certainty, type CertaintyDocument } from "../../schemas/certainty.ts";
import { keys } from "../../schemas/names.ts";
import type { ObjectStore } from "../deps.ts";
import { compile } from "../validate.ts";
import { putObject } from "../volumes/put-object.ts";
import { readDocument } from "./documents.ts";
import { asStored, toJson } from "./manifests.ts";

const parse = compile<CertaintyDocument>(certainty);

/** What one axis of a scan says: a profile, and in windows also a map. */
export interface Certainty {
  readonly axis: number;
  /** Value i belongs to slice `offset + stride·i` of the view. */
  readonly profile: {
    readonly values: readonly number[];
    readonly offset: number;
    readonly stride: number;
  };
  readonly map?: CertaintyMap;
  /** Of the windows, in voxels of the view. */
  readonly windowRadius?: number;
}

const keyOf = (key: string) => `${keys.stage("localize", key)}/certainty.json`;

export async function writeCertainty(
  store: ObjectStore,
  key: string,
  { axis, profile, map, windowRadius }: Certainty,
): Promise<Output> {
  const document: CertaintyDocument = {
    axis,
    profile: [...profile.values],
    offset: profile.offset,
    stride: profile.stride,
    ...(map === undefined
      ? {}
      : {
          map: {
            shape: [...map.values.shape],
            offset: map.offset,
            stride: map.stride,
            values: Array.from(map.values.data, (v) => Math.round(v * 1e5) / 1e5),
          },
        }),
    ...(windowRadius === undefined ? {} : { windowRadius }),
  };
  return putObject(store, keyOf(key), toJson(parse(document)));
}

export async function readCertainty(store: ObjectStore, key: string): Promise<Certainty> {
  const { axis, profile, offset, stride, map, windowRadius } = asStored(
    parse,
    await readDocument(store, keyOf(key)),
    keyOf(key),
  );
  if (map !== undefined && map.values.length !== map.shape.reduce((n, side) => n * side, 1)) {
    throw new CorruptData(
      `${keyOf(key)}: ${map.values.length} values for a map of ${map.shape.join("×")}`,
    );
  }
  return {
    axis,
    profile: { values: profile, offset, stride },
    ...(map === undefined
      ? {}
      : {
          map: {
            values: { shape: map.shape, data: Float32Array.from(map.values) },
            offset: map.offset,
            stride: map.stride,
          },
        }),
    ...(windowRadius === undefined ? {} : { windowRadius }),
  };
}
