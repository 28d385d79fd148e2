import { Ajv, type AnySchema } from "ajv";
import { InvalidInput } from "../domain/errors.ts";
import { explainErrors } from "./explain-errors.ts";

const ajv = new Ajv({
  allErrors: true,
  strict: true,
  allowUnionTypes: true,
  useDefaults: true,
  // Errors then say what was expected, not only which rule was broken.
  verbose: true,
});

/**
 * Turn a schema into a gate: the value comes out typed, defaults filled in, or `InvalidInput` lists
 * everything that is wrong with it. Compiled once; call it at module scope.
 *
 * The value is changed in place where a default is filled in.
 */
export function compile<T>(schema: AnySchema & { readonly $id?: string }): (value: unknown) => T {
  const id = schema.$id;
  const validate = (id === undefined ? undefined : ajv.getSchema(id)) ?? ajv.compile(schema);
  return (value) => {
    if (validate(value)) return value as T;
    throw new InvalidInput(
      `${id ?? "The value"} is not valid:\n${explainErrors(validate.errors ?? [], value).join("\n")}`,
    );
  };
}
