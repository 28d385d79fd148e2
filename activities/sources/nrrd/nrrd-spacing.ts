import type { Zyx } from "../../../domain/volumes/shape.ts";
import type { NrrdHeader } from "./nrrd-header.ts";
import { parseVectors } from "./nrrd-header.ts";

/** Micrometres per unit. */
const UNITS: ReadonlyMap<string, number> = new Map([
  ["m", 1e6],
  ["cm", 1e4],
  ["mm", 1e3],
  ["um", 1],
  ["µm", 1],
  ["μm", 1],
  ["micron", 1],
  ["nm", 1e-3],
]);

/** What a header says of the distances of voxels. */
export interface NrrdSpacing {
  readonly voxelSizeUm: Zyx | undefined;
  /** What is wrong with it, in words. */
  readonly bad: string | undefined;
}

/**
 * Spacing along an axis is the length of its direction. A unit that is not named is taken for
 * millimetres. NaN and `none` mean that it is not known.
 * @see https://teem.sourceforge.net/nrrd/format.html#spacedirections
 */
export function readNrrdSpacing(fields: NrrdHeader["fields"]): NrrdSpacing {
  const directions = fromDirections(fields.get("space directions"));
  const plain = fromSpacings(fields.get("spacings"));
  const bad = directions.bad ?? plain.bad ?? contradiction(fields, directions, plain);
  const spacings = directions.spacings ?? plain.spacings ?? [];
  const units = (fields.get("space units") ?? fields.get("units") ?? "").match(/"[^"]*"/g) ?? [];
  const known = units.length > 0 || fields.has("space");
  const [x, y, z] = spacings.map((s, i) => {
    const unit = units[i]?.slice(1, -1).toLowerCase() ?? "";
    return Number((s * (UNITS.get(unit) ?? 1000)).toPrecision(9));
  });
  // Spacings of 1 without a unit are what writers put when they know none.
  const blank = !known && spacings.every((s) => s === 1);
  const right = [z, y, x].every((s) => s !== undefined && s > 0 && Number.isFinite(s));
  return { voxelSizeUm: right && !blank ? [z!, y!, x!] : undefined, bad };
}

interface Read {
  readonly spacings?: readonly number[];
  readonly bad?: string;
}

function fromDirections(text: string | undefined): Read {
  if (text === undefined) return {};
  const vectors = parseVectors(text);
  const spacings = vectors.map((vector) => (vector.length === 0 ? NaN : Math.hypot(...vector)));
  const shown = text.slice(0, 80);
  if (vectors.length !== 3) return { bad: `${vectors.length} space directions: ${shown}` };
  // "nan" is the format's own word; what is otherwise no number is an error.
  const words = /[a-z]/i.test(text.replace(/none|nan|e[+-]?\d/gi, ""));
  const wrong = words || spacings.some((s) => s === 0 || s === Infinity);
  return wrong ? { bad: `the space directions ${shown}` } : { spacings };
}

function fromSpacings(text: string | undefined): Read {
  if (text === undefined) return {};
  const words = text.split(/\s+/);
  if (words.length !== 3) return { bad: `${words.length} spacings: ${text.slice(0, 80)}` };
  const spacings = words.map(Number);
  const wrong = words.find(
    (word, i) => !/^[+-]?nan$/i.test(word) && !(spacings[i]! > 0 && Number.isFinite(spacings[i])),
  );
  return wrong === undefined ? { spacings } : { bad: `the spacing ${wrong.slice(0, 40)}` };
}

/** The format allows only one of both; writers that give both at least have to agree. */
function contradiction(fields: NrrdHeader["fields"], a: Read, b: Read): string | undefined {
  const differ = a.spacings?.some((s, i) => {
    const other = b.spacings?.[i];
    return other !== undefined && Math.abs(s - other) > 1e-3 * s;
  });
  return differ === true
    ? `spacings ${fields.get("spacings")}, but space directions ${fields.get("space directions")}`
    : undefined;
}
