import { CorruptData } from "../../domain/errors.ts";

interface GroupDocument {
  readonly node_type?: unknown;
  readonly attributes?: {
    readonly ome?: {
      readonly multiscales?: readonly {
        readonly datasets?: readonly {
          readonly path?: unknown;
          readonly coordinateTransformations?: readonly { readonly scale?: readonly number[] }[];
        }[];
      }[];
    };
  };
}

/**
 * `CorruptData` unless a Zarr document is that of a group whose images, if it says that it is any,
 * have levels with a scale along three axes. Whether the levels are there is not asked: they are
 * promised on their own.
 */
export function checkGroup(document: unknown, key: string): void {
  const { node_type: type, attributes } = (document ?? {}) as GroupDocument;
  const scaled = attributes?.ome?.multiscales?.every(({ datasets = [] }) =>
    datasets.every(({ path, coordinateTransformations: steps }) => {
      return typeof path === "string" && steps?.some(({ scale }) => scale?.length === 3);
    }),
  );
  if (type === "group" && scaled !== false) return;
  throw new CorruptData(
    `${key} is not the document of a group, or not of a three-dimensional image`,
  );
}
