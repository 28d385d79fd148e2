/** What attributes hold, as far as anybody asks. */
export type Hdf5Value = string | number | readonly (string | number)[];

/** Text, numbers and lists of these out of what the library returns; undefined for the rest. */
export function asHdf5Value(value: unknown): Hdf5Value | undefined {
  if (typeof value === "string" || typeof value === "number") return value;
  if (typeof value === "bigint") return Number(value);
  if (ArrayBuffer.isView(value) || Array.isArray(value)) {
    const list = Array.from(value as Iterable<unknown>, (each) =>
      typeof each === "bigint" ? Number(each) : each,
    );
    if (list.every((each) => typeof each === "string" || typeof each === "number")) return list;
  }
  return undefined;
}

/** The name of a type: of H5T_class_t as far as it has voxels; enumerations are numpy's bool. */
export function hdf5TypeName(type: number, size: number, signed: boolean): string {
  if (type === 0) return `${signed ? "int" : "uint"}${8 * size}`;
  if (type === 1) return `float${8 * size}`;
  if (type === 8 && size === 1) return "bool";
  return { 3: "string", 6: "compound", 7: "reference", 8: "enum", 9: "vlen" }[type] ?? "opaque";
}
