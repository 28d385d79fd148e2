/** What is logged of one step, or of some steps together. */
export interface LogPoint {
  /** The last step of these. */
  readonly step: number;
  /** When, in milliseconds since 1970. */
  readonly time: number;
  /** Means over these steps by name: `loss`, `rate`, `validation/displacement`, … */
  readonly values: Readonly<Record<string, number>>;
}

/**
 * The numbers of a training step by name: its own as they are, those of a part (`validation`) under
 * `<part>/<name>`.
 */
export function stepValues(step: { readonly step: number }): Record<string, number> {
  const values: Record<string, number> = {};
  const take = (from: object, prefix: string) => {
    for (const [name, value] of Object.entries(from) as [string, unknown][]) {
      if (typeof value === "number" && name !== "step") values[prefix + name] = value;
      else if (typeof value === "object" && value !== null && prefix === "") {
        take(value, `${name}/`);
      }
    }
  };
  take(step, "");
  return values;
}
