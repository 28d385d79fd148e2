import { readFile } from "node:fs/promises";
import { CorruptData, NotFound } from "../../domain/errors.ts";
import { AXES } from "../../domain/volumes/shape.ts";
import type { Box, Interval, Zyx } from "../../domain/volumes/shape.ts";
import { scanIdOf } from "../sources/scan-id.ts";

/** Where the specimen of a scan is, as somebody measured it. For scoring only. */
export interface KnownBox {
  /** The shape of the volume that the box is of. */
  readonly shape: Zyx;
  readonly box: Box;
}

/**
 * Read known boxes, `{name: {box_zyx | bbox_zyx, shape_zyx}}`, bare or under `volumes`, names with or
 * without extension (DESIGN.md §7). Entries without a box are skipped.
 *
 * @returns boxes by scan id
 * Throws `NotFound` and, for what is no such file, `CorruptData` naming the entry.
 */
export async function readTruthFile(path: string): Promise<ReadonlyMap<string, KnownBox>> {
  const text = await readFile(path, "utf8").catch((cause: unknown) => {
    throw new NotFound(`Cannot read the truth file ${path}: ${String(cause)}`, { cause });
  });
  const document = parse(text, path);
  const volumes = "volumes" in document ? document["volumes"] : document;
  if (!isRecord(volumes)) throw new CorruptData(`${path}: expected an object of scans`);
  const boxes = new Map<string, KnownBox>();
  for (const [name, entry] of Object.entries(volumes)) {
    if (!isRecord(entry)) continue;
    const box = entry["box_zyx"] ?? entry["bbox_zyx"];
    if (box === undefined) continue;
    const shape = entry["shape_zyx"];
    if (!isShape(shape) || !isBox(box, shape)) {
      throw new CorruptData(
        `${path}: expected ${name} to have shape_zyx and a box within it, got ${JSON.stringify({ shape, box })}`,
      );
    }
    boxes.set(scanIdOf(name), { shape, box });
  }
  return boxes;
}

/** A known box in the voxels of another size of the same volume; never empty, never beyond it. */
export function scaleBox({ shape, box }: KnownBox, to: Zyx): Box {
  return AXES.map((axis): Interval => {
    const scale = to[axis] / shape[axis];
    const lo = Math.min(Math.floor(box[axis][0] * scale), to[axis] - 1);
    return [lo, Math.min(to[axis], Math.max(lo + 1, Math.ceil(box[axis][1] * scale)))];
  }) as unknown as Box;
}

function parse(text: string, path: string): Readonly<Record<string, unknown>> {
  try {
    const document: unknown = JSON.parse(text);
    if (isRecord(document)) return document;
  } catch (cause) {
    throw new CorruptData(`${path}: expected JSON: ${String(cause)}`, { cause });
  }
  throw new CorruptData(`${path}: expected an object of scans`);
}

function isRecord(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

function isShape(value: unknown): value is Zyx {
  return (
    Array.isArray(value) && value.length === 3 && value.every((n) => Number.isInteger(n) && n > 0)
  );
}

function isBox(value: unknown, shape: Zyx): value is Box {
  const inside = (pair: unknown, n: number) =>
    Array.isArray(pair) && pair.length === 2 && 0 <= pair[0] && pair[0] < pair[1] && pair[1] <= n;
  return (
    Array.isArray(value) && value.length === 3 && AXES.every((a) => inside(value[a], shape[a]))
  );
}
