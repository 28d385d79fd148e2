import { relative } from "node:path";
import { CorruptData, InvalidInput } from "../../../domain/errors.ts";
import { hdf5Failure } from "./hdf5-failure.ts";
import type { Hdf5Module, Hdf5Runtime } from "./hdf5-runtime.ts";
import { asHdf5Value, type Hdf5Value, hdf5TypeName } from "./hdf5-values.ts";

/** An object of an open file. */
export interface Hdf5Place {
  readonly file: bigint;
  /** Absolute, without links on the way. */
  readonly path: string;
}

/** How a data set is stored. */
export interface Hdf5Layout {
  readonly shape: readonly number[];
  /** `uint16`, `float64`, `bool`, `string`, …: numpy's names where there is one. */
  readonly type: string;
  readonly voxelBytes: number;
  readonly chunks: readonly number[] | undefined;
  /** Other data sets that a virtual one shows parts of. */
  readonly sources: readonly { readonly file: string; readonly path: string }[];
}

/** Where a link leads, when it is not the object itself. */
export type Hdf5Link = { readonly soft: string } | { readonly file: string; readonly path: string };

/**
 * The few calls of the HDF5 library that reading a scan takes. Each either does what it says or
 * throws a domain error with the library's reason; the library itself prints and returns anything.
 */
export interface Hdf5Library {
  open(path: string): Hdf5Place;
  close(root: Hdf5Place): void;
  names(group: Hdf5Place): readonly string[];
  /** The link of that name, undefined for an object of this file. */
  link(group: Hdf5Place, name: string): Hdf5Link | undefined;
  kind(place: Hdf5Place): "group" | "dataset" | "other";
  /** The same for two names of one object. */
  identity(place: Hdf5Place): string;
  layout(dataset: Hdf5Place): Hdf5Layout;
  filters(dataset: Hdf5Place): readonly { readonly id: number; readonly name: string }[];
  /** Undefined where there is none, and for what is no text and no number. */
  attribute(place: Hdf5Place, name: string): Hdf5Value | undefined;
  /** The same for the contents of a small data set. */
  value(dataset: Hdf5Place): Hdf5Value | undefined;
  /** Read a block, little-endian, and look at it where it lies: not beyond `use`. */
  read(
    dataset: Hdf5Place,
    offset: readonly number[],
    count: readonly number[],
    use: (bytes: Uint8Array) => void,
  ): void;
  /** Compression filters beyond HDF5's own: whether the package that brings them is installed. */
  readonly plugins: boolean;
}

/** Attributes and small data sets up to so many bytes are read. */
const MAX_VALUE = 1024 * 1024;

/** @param subject names the scan and its file, for messages */
export function createHdf5Library(runtime: Hdf5Runtime, subject: string): Hdf5Library {
  const { h5wasm, module, sandbox, searched } = runtime;

  /** Call the library; what it prints or throws becomes an error. */
  function call<T>(what: string, work: () => T): T {
    sandbox.takeText();
    sandbox.takeRefused();
    let result: T;
    let thrown: unknown;
    try {
      result = work();
    } catch (error) {
      thrown = error;
    }
    const text = sandbox.takeText();
    const outside = sandbox.takeRefused().find((path) => !searched.includes(path));
    if (outside !== undefined) {
      throw new InvalidInput(
        `${subject} keeps ${what} in ${shortened(outside)}, which is not read; put it into the file itself`,
      );
    }
    if (thrown === undefined && text === "") return result!;
    throw hdf5Failure(subject, what, text, thrown);
  }

  /** What no array of JavaScript holds (half precision, …) is undefined; an abort is an error. */
  function value(what: string, read: () => unknown): Hdf5Value | undefined {
    return call(what, () => {
      try {
        return asHdf5Value(read());
      } catch (error) {
        if ((error as Error).name === "RuntimeError") throw error;
        return undefined;
      }
    });
  }

  return {
    plugins: runtime.plugins,
    open(path) {
      sandbox.allow(path);
      const file = call("its contents", () => module.open(path, 0, false, -1, -1));
      if (file < 0n) throw new CorruptData(`${subject} cannot be opened`);
      return { file, path: "/" };
    },
    close({ file }) {
      module.close_file(file);
    },
    names: ({ file, path }) =>
      call(`the group ${path}`, () => [...module.get_names(file, path, false)]),
    link(group, name) {
      const path = join(group.path, name);
      return call(`the link ${path}`, () => {
        const external = module.get_external_link(group.file, path) as Partial<
          ReturnType<Hdf5Module["get_external_link"]>
        >;
        if (external.filename !== undefined) {
          return { file: external.filename, path: external.obj_path ?? "/" };
        }
        const soft = module.get_symbolic_link(group.file, path) as string | null;
        return soft === null ? undefined : { soft };
      });
    },
    kind({ file, path }) {
      const type = call(path, () => module.get_type(file, path));
      if (type === module.H5G_GROUP) return "group";
      return type === module.H5G_DATASET ? "dataset" : "other";
    },
    identity({ file, path }) {
      const reference = call(path, () => module.create_object_reference(file, path));
      return `${file}:${Buffer.from(reference).toString("hex")}`;
    },
    layout({ file, path }) {
      const { shape, chunks, size, ...type } = call(`the layout of ${path}`, () =>
        module.get_dataset_metadata(file, path),
      );
      return {
        shape: shape ?? [],
        type: hdf5TypeName(type.type, size, type.signed),
        voxelBytes: size,
        chunks: chunks ?? undefined,
        sources: (type.virtual_sources ?? []).map((each) => ({
          file: each.file_name,
          path: each.dset_name,
        })),
      };
    },
    filters: ({ file, path }) =>
      call(`the filters of ${path}`, () =>
        module.get_dataset_filters(file, path).map(({ id, name }) => ({ id, name })),
      ),
    attribute({ file, path }, name) {
      const names = call(`the attributes of ${path}`, () => module.get_attribute_names(file, path));
      if (![...names].includes(name)) return undefined;
      const { size, total_size: count } = call(`the attribute ${name} of ${path}`, () =>
        module.get_attribute_metadata(file, path, name),
      );
      if (size * count > MAX_VALUE) return undefined;
      const group = new h5wasm.Group(file, path);
      return value(`the attribute ${name} of ${path}`, () => group.attrs[name]?.value);
    },
    value({ file, path }) {
      const { size, total_size: count } = call(`the layout of ${path}`, () =>
        module.get_dataset_metadata(file, path),
      );
      if (size * count > MAX_VALUE) return undefined;
      return value(path, () => new h5wasm.Dataset(file, path).value);
    },
    read({ file, path }, offset, count, use) {
      const bytes =
        count.reduce((a, b) => a * b, 1) *
        call(path, () => module.get_dataset_metadata(file, path).size);
      const what = `voxels of ${path}`;
      call(what, () => {
        const at = module._malloc(bytes);
        if (at === 0)
          throw new Error(`a block of ${bytes} bytes does not fit the library's memory`);
        try {
          const status = module.get_dataset_data(
            file,
            path,
            count.map(BigInt),
            offset.map(BigInt),
            count.map(() => 1n),
            BigInt(at),
          );
          if (status < 0) throw new Error("the library gave no reason");
          use(module.HEAPU8.subarray(at, at + bytes));
        } finally {
          module._free(at);
        }
      });
    },
  };
}

/** The path of a member of a group. */
export const join = (path: string, name: string) => (path === "/" ? `/${name}` : `${path}/${name}`);

/** The library asks for relative paths as seen from here. */
function shortened(path: string): string {
  const way = relative(process.cwd(), path);
  return way.startsWith("..") ? path : way;
}
