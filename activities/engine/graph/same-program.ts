import { NotRecordable } from "./not-recordable.ts";
import type { Operation, Recording, Source } from "./recording.ts";

/**
 * Insist that two recordings of a program on different data are the same: the same operations on
 * the same constants. A number that went from the data through JavaScript into a constant would
 * stay for ever what it was when it was recorded. Throws `NotRecordable` naming the operation.
 */
export function assertSameProgram(a: Recording, b: Recording): void {
  if (a.operations.length !== b.operations.length) {
    throw new NotRecordable(
      `The program did ${a.operations.length} operations on some data and ${b.operations.length} on other`,
    );
  }
  a.operations.forEach((operation, i) => compare(operation, b.operations[i]!, i, a, b));
  const ends = ({ after, results }: Recording) => [
    ...after.values(),
    ...results.map(({ source }) => source),
  ];
  const others = ends(b);
  ends(a).forEach((source, i) => {
    if (!same(source, others[i]!, a, b)) {
      throw new NotRecordable(
        "What the program gives back or leaves depends on data as a constant",
      );
    }
  });
}

function compare(one: Operation, other: Operation, at: number, a: Recording, b: Recording): void {
  const refuse = (what: string) => {
    throw new NotRecordable(`${one.op} (operation ${at + 1}) ${what}`);
  };
  if (one.op !== other.op) refuse(`is ${other.op} on other data`);
  if (JSON.stringify(one.attributes) !== JSON.stringify(other.attributes)) {
    refuse("has other attributes on other data");
  }
  if (one.inputs.length !== other.inputs.length) refuse("has more inputs on some data");
  one.inputs.forEach((source, i) => {
    if (same(source, other.inputs[i]!, a, b)) return;
    refuse(
      source.kind === "constant"
        ? `takes a constant [${a.constants[source.index]!.shape}] as input ${i + 1} that depends on data: it should be an input of the program`
        : `takes its input ${i + 1} from elsewhere on other data`,
    );
  });
}

function same(one: Source, other: Source, a: Recording, b: Recording): boolean {
  if (one.kind !== "constant" || other.kind !== "constant") {
    return JSON.stringify(one) === JSON.stringify(other);
  }
  const [x, y] = [a.constants[one.index]!, b.constants[other.index]!];
  return x.dtype === y.dtype && x.shape.join() === y.shape.join() && sameBytes(x.values, y.values);
}

function sameBytes(a: ArrayBufferView, b: ArrayBufferView): boolean {
  const bytes = (of: ArrayBufferView) => Buffer.from(of.buffer, of.byteOffset, of.byteLength);
  return bytes(a).equals(bytes(b));
}
