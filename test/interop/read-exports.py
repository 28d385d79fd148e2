"""`read-exports.py CASES.json`: in how many voxels exported files differ from their sources, by other readers."""

import glob
import json
import sys

import nibabel
import nrrd
import numpy as np
import tifffile
import zarr


def by_tifffile(path):
    with tifffile.TiffFile(path) as file:
        # Exactly one page for every slice, whatever a reader makes of them together.
        return np.stack([page.asarray() for page in file.pages])


def by_nibabel(path):
    image = nibabel.load(path)
    return image.dataobj.get_unscaled().T, [float(f"{s:.6g}") for s in image.header.get_zooms()[::-1]]


def by_pynrrd(path):
    voxels, header = nrrd.read(path, index_order="C")
    spacings = header.get("spacings")
    if spacings is None and "space directions" in header:
        spacings = np.linalg.norm(header["space directions"], axis=1)
    return voxels, None if spacings is None else [float(s) for s in np.asarray(spacings)[::-1]]


def by_slices(folder):
    return np.stack([tifffile.imread(path) for path in sorted(glob.glob(f"{folder}/*.tif"))])


READERS = {
    "tiff-slices": lambda path: (by_slices(path), None),
    "tiff": lambda path: (by_tifffile(path), None),
    "nifti": by_nibabel,
    "nrrd": by_pynrrd,
    "ome-zarr": lambda path: (zarr.open_group(path, mode="r")["0"][:], None),
}

found = []
for case in json.load(open(sys.argv[1])):
    source, _ = nrrd.read(case["source"], index_order="C")
    voxels, spacing = READERS[case["format"]](case["to"])
    same_shape = voxels.shape == source.shape
    found.append({
        "dtype": voxels.dtype.name,
        "different": int((voxels != source).sum()) if same_shape else list(voxels.shape),
        "spacing": spacing,
    })  # fmt: skip
json.dump(found, sys.stdout)
