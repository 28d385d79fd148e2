import { calibration as schema, type Calibration } from "../../schemas/calibration.ts";
import type { CalibrationPointer } from "../../schemas/calibration.ts";
import { keys } from "../../schemas/names.ts";
import { CorruptData, NotFound } from "../../domain/errors.ts";
import type { ObjectStore } from "../deps.ts";
import { canonicalJson, sha256 } from "../stage/content-key.ts";
import { findDocument } from "../stage/documents.ts";
import { asStored, toJson } from "../stage/manifests.ts";
import { compile } from "../validate.ts";

const parse = compile<Calibration>(schema);

/** Store a calibration under its digest and point its collection at it. Returns the digest. */
export async function writeCalibration(
  store: ObjectStore,
  calibration: Calibration,
): Promise<string> {
  const key = digestOf(parse(calibration));
  await store.putIfAbsent(keys.calibration(key), toJson(calibration));
  const { collection } = calibration;
  const pointer: CalibrationPointer = { collection, key };
  await store.put(keys.latestCalibration(collection), toJson(pointer));
  return key;
}

/** A calibration by its digest: `NotFound`, or `CorruptData` where it is not what was written. */
export async function readCalibration(store: ObjectStore, key: string): Promise<Calibration> {
  const path = keys.calibration(key);
  const found = await findDocument<unknown>(store, path);
  if (found === undefined) throw new NotFound(`There is no calibration ${store.url(path)}`);
  const calibration = asStored(parse, found, path);
  if (digestOf(calibration) !== key) {
    throw new CorruptData(`${path} was changed after it was written: expected its digest as name`);
  }
  return calibration;
}

/** The newest calibration of a collection, if it has one. */
export async function latestCalibration(
  store: ObjectStore,
  collection: string,
): Promise<CalibrationPointer | undefined> {
  return findDocument<CalibrationPointer>(store, keys.latestCalibration(collection));
}

function digestOf(calibration: Calibration): string {
  return sha256(canonicalJson(calibration));
}
