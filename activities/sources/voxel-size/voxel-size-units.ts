const MICROMETRES: Partial<Record<string, number>> = {
  m: 1e6,
  meter: 1e6,
  metre: 1e6,
  cm: 1e4,
  centimeter: 1e4,
  centimetre: 1e4,
  mm: 1e3,
  millimeter: 1e3,
  millimetre: 1e3,
  um: 1,
  µm: 1,
  micron: 1,
  micrometer: 1,
  micrometre: 1,
  nm: 1e-3,
  nanometer: 1e-3,
  nanometre: 1e-3,
  angstrom: 1e-4,
  å: 1e-4,
};

/** Micrometres per unit of length, by its name or sign; undefined for what is none. */
export function micrometresPer(unit: string): number | undefined {
  // Greek mu and the micro sign look alike; one of them is in the table.
  const name = unit.trim().toLowerCase().replaceAll("\u03bc", "\u00b5");
  // "MM" is megametres to nobody.
  // "constructor" is a property of every object.
  const found = [name, name.replace(/s$/, "")].find((unit) => Object.hasOwn(MICROMETRES, unit));
  return found === undefined ? undefined : MICROMETRES[found];
}
