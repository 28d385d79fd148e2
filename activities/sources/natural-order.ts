import { InvalidInput } from "../../domain/errors.ts";

/** Text that numbers in it sort by value: `s_9` before `s_10`. */
const collator = new Intl.Collator("en", { numeric: true });

/** File names in the order that a person counts them. */
export function naturalOrder(names: readonly string[]): string[] {
  return [...names].sort((a, b) => collator.compare(a, b) || (a < b ? -1 : 1));
}

/**
 * Make sure that slices, in natural order, are one series in which no number is missing.
 *
 * `InvalidInput` when their names differ in more than numbers, when a number comes twice, or, unless
 * gaps are allowed, when one is missing. Names without any number are taken as they come.
 */
export function checkNumbering(
  names: readonly string[],
  allowGaps: boolean,
  subject: string,
): void {
  if (names.length < 2) return;
  const parts = names.map((name) => name.split(/(\d+)/));
  const pattern = (part: readonly string[]) =>
    part.map((text, i) => (i % 2 === 1 ? "#" : text)).join("");
  const other = parts.find((part) => pattern(part) !== pattern(parts[0]!));
  if (other !== undefined) {
    if (parts.every((part) => part.length === 1)) return;
    throw new InvalidInput(
      `${subject} holds more than one series of slices: ${parts[0]!.join("")} and ${other.join("")}; name one with a glob`,
    );
  }
  const column = countingColumn(parts);
  if (column === undefined) {
    throw new InvalidInput(
      `${subject} holds more than one series of slices: no number counts from ${names[0]} to ${names.at(-1)} without coming twice; name one with a glob`,
    );
  }
  const numbers = parts.map((part) => Number(part[column]));
  for (let i = 1; i < numbers.length; i++) {
    const [before, here] = [numbers[i - 1]!, numbers[i]!];
    if (here === before) {
      throw new InvalidInput(`${subject} has slice ${here} twice: ${names[i - 1]} and ${names[i]}`);
    }
    if (here !== before + 1 && !allowGaps) {
      const missing =
        here === before + 2 ? `slice ${before + 1} is` : `slices ${before + 1}–${here - 1} are`;
      throw new InvalidInput(
        `${subject}: ${missing} missing between ${names[i - 1]} and ${names[i]}; set allowMissingSlices to accept that`,
      );
    }
  }
}

/** The number that counts the slices: the first that differs between all of them, else the only one that differs. */
function countingColumn(parts: readonly (readonly string[])[]): number | undefined {
  const differing: number[] = [];
  for (let column = 1; column < parts[0]!.length; column += 2) {
    const values = new Set(parts.map((part) => Number(part[column])));
    if (values.size === parts.length) return column;
    if (values.size > 1) differing.push(column);
  }
  // Two spellings of one number, as in s_1 and s_01, must not hide behind "differs nowhere".
  return differing.length <= 1 ? (differing[0] ?? parts[0]!.length - 2) : undefined;
}
