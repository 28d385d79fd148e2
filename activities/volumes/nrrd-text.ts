import { placeAffine } from "../../domain/volumes/affine.ts";
import { parseVectors } from "../sources/nrrd/nrrd-header.ts";
import { readNrrdSpacing } from "../sources/nrrd/nrrd-spacing.ts";
import type { ExportedVolume } from "./exported-volume.ts";
import { sourceAffine } from "./source-affine.ts";

/** Fields that say how a file was stored, not what it shows. */
const STORAGE = new Set([
  "type",
  "dimension",
  "sizes",
  "encoding",
  "endian",
  "data file",
  "byte skip",
  "line skip",
  "min",
  "max",
  "old min",
  "old max",
  "axis maxs",
  "number",
  "block size",
]);

/**
 * The header for an exported volume (gzip, little-endian, attached): the source's own fields and
 * pairs where it was NRRD and its spacing still holds, with sizes and place adjusted to the part that
 * is exported; else the source's affine, or the size of its voxels, in millimetres.
 */
export function nrrdText(volume: Omit<ExportedVolume, "planes">): string {
  const { shape, dtype, origin, placement, voxelSizeUm } = volume;
  const nrrd = origin?.["format"] === "nrrd";
  const fields = nrrd ? (origin["fields"] as Record<string, string>) : undefined;
  const own = fields !== undefined && saysSize(fields, volume) ? fields : undefined;
  const pairs = nrrd ? (origin["pairs"] as Record<string, string>) : {};
  const lines = [
    "NRRD0005",
    `type: ${dtype === "float32" ? "float" : dtype}`,
    "dimension: 3",
    ...(own === undefined ? spaceOf(volume) : placed(own)),
    `sizes: ${[...shape].reverse().join(" ")}`,
    ...(dtype.endsWith("8") ? [] : ["endian: little"]),
    "encoding: gzip",
    ...Object.entries(pairs).map(([key, value]) => `${key}:=${value}`),
  ];
  // `space` comes before what it gives a meaning to, `dimension` before everything per axis.
  return `${lines.join("\n")}\n\n`;

  function placed(fields: Readonly<Record<string, string>>): string[] {
    const kept = Object.entries(fields).filter(([name]) => !STORAGE.has(name));
    return kept.map(([name, value]) => `${name}: ${place(name, value, fields)}`);
  }

  function place(name: string, value: string, fields: Readonly<Record<string, string>>): string {
    const { scale, shift } = placement;
    const start = [shift[2], shift[1], shift[0]];
    if (scale === 1 && start.every((n) => n === 0)) return value;
    if (name === "space directions") {
      return parseVectors(value)
        .map((v) => (v.length === 0 ? "none" : vector(v.map((n) => n * scale))))
        .join(" ");
    }
    if (name === "space origin") {
      const directions = parseVectors(fields["space directions"]);
      const [first = []] = parseVectors(value);
      return vector(
        first.map((n, r) => directions.reduce((sum, d, i) => sum + (d[r] ?? 0) * start[i]!, n)),
      );
    }
    const numbers = value.split(/\s+/).map(Number);
    if (name === "spacings" || name === "thicknesses")
      return numbers.map((n) => n * scale).join(" ");
    if (name === "axis mins") {
      const spacings = (fields["spacings"] ?? "1 1 1").split(/\s+/).map(Number);
      return numbers.map((n, i) => n + start[i]! * spacings[i]!).join(" ");
    }
    return value;
  }

  function spaceOf({ origin }: Omit<ExportedVolume, "planes">): string[] {
    const scale = placement.scale;
    const [z, y, x] = voxelSizeUm;
    const whole = sourceAffine(origin, [z / scale, y / scale, x / scale]);
    const affine = placeAffine(whole, placement);
    return [
      "space: right-anterior-superior",
      `space directions: ${[0, 1, 2].map((column) => vector(affine.map((row) => row[column]!))).join(" ")}`,
      `space origin: ${vector(affine.map((row) => row[3]))}`,
      'space units: "mm" "mm" "mm"',
      "kinds: domain domain domain",
    ];
  }
}

/** Whether a header's own spacing is what is known of the voxels: the user may have said another. */
function saysSize(
  fields: Readonly<Record<string, string>>,
  { voxelSizeUm, placement }: Omit<ExportedVolume, "planes">,
): boolean {
  const known = voxelSizeUm.map((um) => um / placement.scale);
  const { voxelSizeUm: said } = readNrrdSpacing(new Map(Object.entries(fields)));
  // Nobody knows: one micrometre stands for that.
  if (said === undefined) return known.every((um) => um === 1);
  return known.every((um, axis) => Math.abs(um - said[axis]!) <= 1e-3 * said[axis]!);
}

const vector = (numbers: readonly number[]) => `(${numbers.join(",")})`;
