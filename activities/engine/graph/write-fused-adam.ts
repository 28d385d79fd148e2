import type { CompositeContext, WriteComposite } from "./composites.ts";

const FLOAT = { type: 1 }; // TensorFlow's number of it

/**
 * Adam's update in a graph. Where parameter and moments become the next values of three variables,
 * as they do in training, it changes these in place, by TensorFlow's own operation; else it is
 * written out.
 *
 * TensorFlow adds its epsilon before the bias correction of v, Kingma and Ba (and torch) after it:
 * theirs times √(1 − β₂ᵗ) is TensorFlow's.
 *
 * @see Kingma and Ba 2014, section 2, last paragraph; TensorFlow's operation ResourceApplyAdam
 */
export const writeFusedAdam: WriteComposite = (attributes, context) => {
  const { writer, variables, inputs, nameOf, becomes, setBy } = context;
  const number = (name: string) => writer.scalar(attributes[name]!.f!);
  const [rate, power1, power2] = inputs.slice(4).map(nameOf) as [string, string, string];
  const gradient = nameOf(inputs[3]!);
  const math = arithmetic(context);
  const spread = math("Sqrt", math("Sub", writer.scalar(1), power2));
  const names = [becomes(0), becomes(1), becomes(2)];
  if (names.every((name) => name !== undefined)) {
    const before = names.flatMap((name, i) => {
      const source = inputs[i]!;
      if (source.kind === "state" && source.name === name) return [];
      return [variables.assign(name, nameOf(source))];
    });
    const node = writer.add(
      "ResourceApplyAdam",
      [
        ...names.map((name) => variables.handle(name)),
        ...[power1, power2, rate, number("beta1"), number("beta2")],
        math("Mul", number("epsilon"), spread),
        gradient,
      ],
      { T: FLOAT },
      { after: [...variables.reads(names), ...before] },
    );
    names.forEach((name) => setBy(node, name));
    const read = names.map((name) => {
      let output: string | undefined;
      return () =>
        (output ??= `${writer.add("ReadVariableOp", [variables.handle(name)], { dtype: FLOAT }, { after: [node] })}:0`);
    });
    return (output) => read[output]!();
  }
  const [parameter, m, v] = inputs.slice(0, 3).map(nameOf) as [string, string, string];
  const mix = (old: string, now: string, beta: string) =>
    math("AddV2", math("Mul", beta, old), math("Mul", math("Sub", writer.scalar(1), beta), now));
  const nextM = mix(m, gradient, number("beta1"));
  const nextV = mix(v, math("Square", gradient), number("beta2"));
  const size = math("AddV2", math("RealDiv", math("Sqrt", nextV), spread), number("epsilon"));
  const step = math("Mul", math("RealDiv", rate, math("Sub", writer.scalar(1), power1)), nextM);
  const next = [math("Sub", parameter, math("RealDiv", step, size)), nextM, nextV];
  return (output) => next[output]!;
};

function arithmetic({ writer }: CompositeContext) {
  return (op: string, ...inputs: string[]) => `${writer.add(op, inputs, { T: FLOAT })}:0`;
}
