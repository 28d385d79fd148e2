"""`read-volumes.py READER CASES.json`: what one real reader finds in volumes that we wrote.

Prints, for each case, what the reader says of every level, and in how many voxels it differs from a
pyramid that numpy makes of the source here, without any of our code.
"""

import json
import os
import sys

import nrrd
import numpy as np


def pyramid(voxels, shapes, mode):
    """The levels of `shapes`: the mean (whole numbers half up) or the mode of the 2x2x2 that there are."""
    levels = [voxels]
    for shape in shapes[1:]:
        eight = [levels[-1][k::2, j::2, i::2] for k in (0, 1) for j in (0, 1) for i in (0, 1)]
        there = [np.ones(part.shape, bool) for part in eight]
        pad = lambda part: np.pad(part, [(0, n - m) for n, m in zip(shape, part.shape)])
        eight, there = np.stack([pad(p) for p in eight]), np.stack([pad(t) for t in there])
        if mode == "mean":
            mean = eight.astype(np.float64).sum(0) / there.sum(0)
            level = mean if voxels.dtype.kind == "f" else np.floor(mean + 0.5)
        else:
            same = ((eight[:, None] == eight[None]) & there[:, None] & there[None]).sum(1)
            level = np.take_along_axis(eight, same.argmax(0)[None], 0)[0]
        levels.append(level.astype(voxels.dtype))
    return levels


def by_zarr(path):
    import zarr

    group = zarr.open_group(path, mode="r")
    ome = group.attrs["ome"]
    for dataset in ome["multiscales"][0]["datasets"]:
        array = group[dataset["path"]]
        scale, translation = transforms(dataset["coordinateTransformations"])
        yield array[:], array.metadata.dimension_names, scale, translation


def by_tensorstore(path):
    import tensorstore

    ome = json.load(open(f"{path}/zarr.json"))["attributes"]["ome"]
    for dataset in ome["multiscales"][0]["datasets"]:
        store = {"driver": "file", "path": f"{path}/{dataset['path']}"}
        array = tensorstore.open({"driver": "zarr3", "kvstore": store}, read=True).result()
        scale, translation = transforms(dataset["coordinateTransformations"])
        yield array.read().result(), array.domain.labels, scale, translation


def by_ome_zarr(path):
    from ome_zarr.io import parse_url
    from ome_zarr.reader import Reader

    (node,) = Reader(parse_url(path))()
    names = [axis["name"] for axis in node.metadata["axes"]]
    for data, both in zip(node.data, node.metadata["coordinateTransformations"], strict=True):
        yield data.compute(), names, *transforms(both)


def by_ngff_zarr(path):
    import ngff_zarr

    attributes = json.load(open(f"{path}/zarr.json"))["attributes"]
    ngff_zarr.validate(attributes, version="0.5", model="image", strict=True)
    multiscales = ngff_zarr.from_ngff_zarr(path, validate=True)
    ngff_zarr.validate_structural(multiscales.metadata, version="0.5")
    for image in multiscales.images:
        by_axis = lambda values: [values[axis] for axis in image.dims]
        voxels = np.asarray(image.data.compute())
        yield voxels, image.dims, by_axis(image.scale), by_axis(image.translation)


READERS = {
    "zarr-python": by_zarr,
    "tensorstore": by_tensorstore,
    "ome-zarr-py": by_ome_zarr,
    "ngff-zarr": by_ngff_zarr,
}


def transforms(both):
    assert [one["type"] for one in both] == ["scale", "translation"], both
    return both[0]["scale"], both[1]["translation"]


def look(reader, case):
    source, _ = nrrd.read(case["source"], index_order="C")
    found = list(READERS[reader](case["zarr"]))
    expected = pyramid(source, [voxels.shape for voxels, *_ in found], case["mode"])
    return [
        {
            "shape": voxels.shape,
            "dtype": voxels.dtype.name,
            "names": list(names),
            "scale": list(scale),
            "translation": list(translation),
            "different": int((voxels != true).sum()) if voxels.shape == true.shape else -1,
        }
        for (voxels, names, scale, translation), true in zip(found, expected)
    ]


if __name__ == "__main__":
    reader, cases = sys.argv[1], json.load(open(sys.argv[2]))
    json.dump({case["name"]: look(reader, case) for case in cases}, sys.stdout)
