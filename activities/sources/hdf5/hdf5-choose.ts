import {
  InvalidInput,
  isDomainError,
  NotFound,
  UnsupportedFormat,
} from "../../../domain/errors.ts";
import { type Hdf5Library, type Hdf5Place, join } from "./hdf5-library.ts";
import type { Hdf5Object, Hdf5Tree } from "./hdf5-links.ts";
import { asHdf5Volume, type Hdf5Volume, listDatasets } from "./hdf5-volume.ts";

/**
 * The data set to read. What the user names, if it is a volume or a group with one; else what NeXus's
 * `default` and `signal` attributes lead to, else the only NXdata signal, else Data Exchange's
 * `/exchange/data`, else the only volume. Projections are not chosen, only read where they are named.
 * `InvalidInput` lists what there is.
 *
 * @see https://manual.nexusformat.org/datarules.html#find-plottable-data
 * @see https://dxfile.readthedocs.io
 */
export function chooseVolume(
  library: Hdf5Library,
  tree: Hdf5Tree,
  named: string | undefined,
  subject: string,
): Hdf5Volume {
  const attribute: Hdf5Library["attribute"] = (place, name) => library.attribute(place, name);
  if (named !== undefined) return byName(named);
  const all = volumes();
  // Beside projections lie their flat and dark fields.
  const raw = new Set(all.filter((each) => projections(each) !== undefined).flatMap(folders));
  const reconstructed = all.filter((each) => !folders(each).some((folder) => raw.has(folder)));
  const signals = tree
    .objects()
    .filter(isSignalGroup)
    .flatMap((group) => signalOf(group.place) ?? []);
  const choices = [
    () => pick([byDefault(tree.root)]),
    () => pick(signals),
    () =>
      pick(all.filter(({ names }) => names.includes("/exchange/data")).map(({ place }) => place)),
    () => (reconstructed.length === 1 ? reconstructed[0] : undefined),
  ];
  for (const choice of choices) {
    const found = choice();
    if (found !== undefined) return found;
  }
  if (reconstructed.length > 1) {
    throw new InvalidInput(
      `${subject} has ${reconstructed.length} data sets of three dimensions; name one in \`dataset\`: ${listDatasets(reconstructed)}`,
    );
  }
  if (all.length > 0) {
    throw new UnsupportedFormat(
      `${subject} holds projections, not a reconstruction: ${listDatasets(all)} with ${all.map(projections).find((found) => found !== undefined)}; name it in \`dataset\` if it is to be read all the same`,
    );
  }
  const [broken] = tree.broken();
  throw new InvalidInput(
    `${subject} has no data set of numbers with three dimensions; it has ${listDatasets(datasets())}${broken === undefined ? "" : `; one of its links is of no use: ${broken}`}`,
  );

  /** The one volume among these places, unless it is of projections. */
  function pick(places: readonly (Hdf5Place | undefined)[]): Hdf5Volume | undefined {
    const ids = new Set(
      places.flatMap((place) => (place === undefined ? [] : library.identity(place))),
    );
    const found = reconstructed.filter(({ place }) => ids.has(library.identity(place)));
    return found.length === 1 ? found[0] : undefined;
  }

  function byName(name: string): Hdf5Volume {
    let place;
    try {
      place = tree.resolve(name);
    } catch (error) {
      if (!(error instanceof NotFound)) throw error;
      throw new InvalidInput(`${error.message}; it has ${listDatasets(volumes())}`, {
        cause: error,
      });
    }
    let asked = `/${name.split("/").filter(Boolean).join("/")}`;
    if (library.kind(place) === "group") {
      const shown = byDefault(place);
      if (shown === undefined) return onlyVolume(place, asked);
      [place, asked] = [shown, shown.path];
    }
    const volume = asHdf5Volume(
      library,
      place,
      place.file === tree.root.file ? [place.path, asked] : [asked],
    );
    if (volume !== undefined) return volume;
    const { shape, type } = library.layout(place);
    throw new UnsupportedFormat(
      `${subject}: ${name} is [${shape}] of ${type}, expected three dimensions of numbers`,
    );
  }

  function onlyVolume(group: Hdf5Place, name: string): Hdf5Volume {
    const found = library.names(group).flatMap((child) => {
      try {
        const place = tree.resolve(join(name, child));
        return asHdf5Volume(library, place, [join(name, child)]) ?? [];
      } catch (error) {
        if (isDomainError(error)) return [];
        throw error;
      }
    });
    if (found.length === 1) return found[0]!;
    throw new InvalidInput(
      `${subject}: ${name} is a group with ${found.length} data sets of three dimensions, expected one; the file has ${listDatasets(volumes())}`,
    );
  }

  function byDefault(start: Hdf5Place): Hdf5Place | undefined {
    let at: Hdf5Place | undefined = start;
    for (let i = 0; i < 8 && at !== undefined; i++) {
      if (library.kind(at) !== "group") return at;
      const group: Hdf5Place = at;
      const signal = signalOf(group);
      if (signal !== undefined) return signal;
      const next = attribute(group, "default");
      if (typeof next !== "string" || next === "") return undefined;
      at = attempt(() => tree.resolveIn(group, next));
    }
    return undefined;
  }

  function isSignalGroup({ kind, place }: Hdf5Object): boolean {
    return kind === "group" && attribute(place, "NX_class") === "NXdata";
  }

  /** The data set that a group declares to be what it shows: NXdata's rule of today, then of old. */
  function signalOf(group: Hdf5Place): Hdf5Place | undefined {
    const name = attribute(group, "signal");
    const child = (each: string) => attempt(() => tree.resolveIn(group, each));
    if (typeof name === "string") return child(name);
    if (attribute(group, "NX_class") !== "NXdata") return undefined;
    return library
      .names(group)
      .map(child)
      .find((place) => {
        if (place === undefined || library.kind(place) !== "dataset") return false;
        const mark = attribute(place, "signal");
        return mark === 1 || mark === "1";
      });
  }

  function datasets() {
    return tree
      .objects()
      .filter(({ kind }) => kind === "dataset")
      .map(({ place, names }) => ({ names, layout: library.layout(place) }));
  }

  function volumes(): readonly Hdf5Volume[] {
    return tree
      .objects()
      .filter(({ kind }) => kind === "dataset")
      .flatMap(({ place, names }) => asHdf5Volume(library, place, names) ?? []);
  }

  /** What says that the first axis counts angles; undefined for a reconstruction. */
  function projections(volume: Hdf5Volume): string | undefined {
    for (const folder of folders(volume)) {
      for (const angle of ["image_key", "rotation_angle", "theta"]) {
        const place = attempt(() => tree.resolve(`${folder}/${angle}`));
        if (place === undefined || library.kind(place) !== "dataset") continue;
        const count = library.layout(place).shape.reduce((a, b) => a * b, 1);
        if (count === volume.shape[0]) return `${folder}/${angle} of the same length`;
      }
    }
    return undefined;
  }
}

const folders = ({ names }: Hdf5Volume) =>
  names.map((name) => name.slice(0, name.lastIndexOf("/")));

function attempt<T>(work: () => T): T | undefined {
  try {
    return work();
  } catch (error) {
    if (isDomainError(error)) return undefined;
    throw error;
  }
}
