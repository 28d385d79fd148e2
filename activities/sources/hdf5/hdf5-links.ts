import { existsSync, realpathSync } from "node:fs";
import { basename, dirname, isAbsolute, relative, resolve } from "node:path";
import { CorruptData, InvalidInput, NotFound } from "../../../domain/errors.ts";
import { type Hdf5Library, type Hdf5Place, join } from "./hdf5-library.ts";

/** A file of which a data set may lie in others. */
export interface Hdf5Tree {
  readonly root: Hdf5Place;
  /** The object that a path leads to, through soft and external links; `NotFound` says where it breaks off. */
  resolve(path: string): Hdf5Place;
  /** The same for a path as seen from a group. */
  resolveIn(group: Hdf5Place, path: string): Hdf5Place;
  /** Every group and data set that hard links lead to, with all of its names. */
  readonly objects: () => readonly Hdf5Object[];
  /** Why links of the file lead nowhere. */
  readonly broken: () => readonly string[];
  /** A file that this one names, opened; `InvalidInput` when it is not beside or below it. */
  neighbour(from: Hdf5Place, name: string): Hdf5Place;
  /** Absolute paths of the files that were opened: the named one, then others. */
  readonly files: () => readonly string[];
  close(): void;
}

export interface Hdf5Object {
  readonly place: Hdf5Place;
  readonly kind: "group" | "dataset";
  /** As seen from the root of the named file. */
  readonly names: readonly string[];
}

/** More links in one path are a circle. */
const MAX_LINKS = 32;
/** A scan's file has some hundred objects. */
const MAX_OBJECTS = 20_000;
const MAX_DEPTH = 24;

/** Walk a file by its links, of which the library itself follows none. @param subject for messages */
export function createHdf5Tree(library: Hdf5Library, path: string, subject: string): Hdf5Tree {
  const opened = new Map<string, Hdf5Place>();
  const paths = new Map<bigint, string>();
  const broken: string[] = [];

  function open(file: string): Hdf5Place {
    const known = opened.get(file);
    if (known !== undefined) return known;
    const root = library.open(file);
    opened.set(file, root);
    paths.set(root.file, file);
    return root;
  }

  const root = open(path);
  const home = dirname(realpathSync(path));

  function neighbour(from: Hdf5Place, name: string): Hdf5Place {
    const here = paths.get(from.file) ?? path;
    const asked = resolve(dirname(here), name);
    if (isAbsolute(name) || name.includes("\0") || outside(dirname(path), asked)) {
      throw new InvalidInput(`${subject} leads to ${name}, outside its own folder`);
    }
    if (!existsSync(asked)) {
      throw new NotFound(`${subject} leads to the file ${name}, which is not there`);
    }
    if (outside(home, realpathSync(asked))) {
      throw new InvalidInput(`${subject} leads to ${name}, a link to outside its own folder`);
    }
    return open(asked);
  }

  function follow(start: Hdf5Place, text: string, links: number): Hdf5Place {
    if (links > MAX_LINKS) {
      throw new CorruptData(`${subject} has links that lead in a circle, at ${text}`);
    }
    let at: Hdf5Place = text.startsWith("/") ? { ...start, path: "/" } : start;
    for (const name of text.split("/")) {
      if (name === "" || name === ".") continue;
      if (library.kind(at) !== "group" || !library.names(at).includes(name)) {
        const other = at.file === root.file ? "" : ` of ${basename(paths.get(at.file) ?? "")}`;
        throw new NotFound(`${subject} has no ${name} in ${at.path}${other} (looked for ${text})`);
      }
      at = step(at, name, links);
    }
    return at;
  }

  function step(group: Hdf5Place, name: string, links: number): Hdf5Place {
    const link = library.link(group, name);
    if (link === undefined) return { file: group.file, path: join(group.path, name) };
    if ("soft" in link) return follow(group, link.soft, links + 1);
    return follow(neighbour(group, link.file), `/${link.path}`, links + 1);
  }

  function walk(): readonly Hdf5Object[] {
    const found = new Map<
      string,
      { place: Hdf5Place; kind: "group" | "dataset"; names: string[] }
    >();
    const visit = (place: Hdf5Place, name: string, soft: boolean, depth: number) => {
      const kind = library.kind(place);
      if (kind === "other" || (soft && kind === "group")) return;
      const id = library.identity(place);
      const known = found.get(id);
      if (known !== undefined) {
        known.names.push(name);
        return;
      }
      if (found.size >= MAX_OBJECTS || depth > MAX_DEPTH) {
        throw new InvalidInput(
          `${subject} has more than ${MAX_OBJECTS} objects or ${MAX_DEPTH} levels: name the data set in \`dataset\``,
        );
      }
      found.set(id, { place, kind, names: [name] });
      if (kind === "group") inGroup(place, name, depth);
    };
    const inGroup = (group: Hdf5Place, shown: string, depth: number) => {
      const links = library.names(group).map((name) => [name, library.link(group, name)] as const);
      // An object's own place is its first name.
      const own = links.filter(([, link]) => link === undefined);
      for (const [name, link] of [...own, ...links.filter((each) => !own.includes(each))]) {
        try {
          const to = link === undefined ? undefined : step(group, name, 0);
          const place = to ?? { file: group.file, path: join(group.path, name) };
          visit(place, join(shown, name), link !== undefined && "soft" in link, depth + 1);
        } catch (error) {
          // Links that lead nowhere are common, and no matter unless somebody needs one.
          if (link === undefined) throw error;
          broken.push((error as Error).message);
        }
      }
    };
    visit(root, "/", false, 0);
    return [...found.values()];
  }

  let objects: readonly Hdf5Object[] | undefined;
  return {
    root,
    neighbour,
    resolve: (text) => follow(root, text, 0),
    broken: () => broken,
    resolveIn: (group, text) => follow(group, text, 0),
    objects: () => (objects ??= walk()),
    files: () => [...opened.keys()],
    close: () => [...opened.values()].forEach((each) => library.close(each)),
  };
}

function outside(folder: string, path: string): boolean {
  const way = relative(folder, path);
  return way === ".." || way.startsWith("../") || isAbsolute(way);
}
