"""Writes one small volume in every format of a single file and of a folder, and its voxels as raw bytes."""

import os
import sys

import nibabel
import nrrd
import numpy as np
import tifffile
import zarr

folder = sys.argv[1]
random = np.random.default_rng(3)
shape = (12, 90, 70)
z, y, x = np.ogrid[: shape[0], : shape[1], : shape[2]]
data = (9000 * np.sin(z / 3) + 8000 * np.cos(y / 9) + 90 * x + random.normal(20000, 500, shape)).astype("<u2")
data.tofile(f"{folder}/voxels")

for name in ["slices", "raw", "zarr"]:
    os.mkdir(f"{folder}/{name}")
for i, plane in enumerate(data):
    # From 5 to 16: as text, 10 comes before 5.
    tifffile.imwrite(f"{folder}/slices/s a+b%_{i + 5}.tif", plane, compression="zlib")
    tifffile.imwrite(f"{folder}/slices/.s_{i + 5}.tif", plane * 0)
    plane.tofile(f"{folder}/raw/p{i}.raw")
tifffile.imwrite(f"{folder}/big.tif", data, bigtiff=True, rowsperstrip=7, compression="zlib", photometric="minisblack")
tifffile.imwrite(f"{folder}/imagej.tif", data, imagej=True, metadata={"axes": "ZYX"})
data.tofile(f"{folder}/whole.raw")
affine = np.diag([0.002, 0.003, 0.005, 1])
image = nibabel.Nifti1Image(data.transpose(2, 1, 0), affine)
image.header.set_xyzt_units("mm")
nibabel.save(image, f"{folder}/volume.nii.gz")
nibabel.save(image, f"{folder}/volume.nii")
header = {"space": "left-posterior-superior", "space directions": np.diag([0.002, 0.003, 0.005]), "space units": ["mm"] * 3}
nrrd.write(f"{folder}/volume.nrrd", data.transpose(2, 1, 0), {**header, "encoding": "gzip"})
nrrd.write(f"{folder}/detached.nhdr", data.transpose(2, 1, 0), {**header, "encoding": "raw"})
with open(f"{folder}/volume.mha", "wb") as file:
    file.write(
        b"ObjectType = Image\nNDims = 3\nBinaryData = True\nBinaryDataByteOrderMSB = False\nCompressedData = False\n"
        b"ElementSpacing = 0.002 0.003 0.005\nDimSize = 70 90 12\nElementType = MET_USHORT\nElementDataFile = LOCAL\n"
    )
    file.write(data.tobytes())

ome = {
    "version": "0.5",
    "multiscales": [
        {
            "axes": [{"name": n, "type": "space", "unit": "micrometer"} for n in "zyx"],
            "datasets": [{"path": "0", "coordinateTransformations": [{"type": "scale", "scale": [5, 3, 2]}]}],
        }
    ],
}
v3 = zarr.open_group(f"{folder}/zarr/v3", mode="w", zarr_format=3, attributes={"ome": ome})
v3.create_array("0", shape=shape, dtype="<u2", chunks=(4, 16, 16), shards=(8, 48, 48))[...] = data
v2 = zarr.open_group(f"{folder}/zarr/v2", mode="w", zarr_format=2)
v2.attrs["multiscales"] = [{**ome["multiscales"][0], "version": "0.4"}]
v2.create_array(
    "0", shape=shape, dtype="<u2", chunks=(5, 40, 40), chunk_key_encoding={"name": "v2", "separator": "/"}
)[...] = data
