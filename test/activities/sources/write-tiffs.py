"""Writes TIFF files of every kind with tifffile and Pillow (libtiff), and their voxels as raw bytes."""

import json
import sys

import numpy as np
import tifffile
from PIL import Image

folder = sys.argv[1]
random = np.random.default_rng(7)


def volume(dtype, shape=(5, 70, 53)):
    z, y, x = np.ogrid[: shape[0], : shape[1], : shape[2]]
    smooth = 60 * np.sin(z + y / 9.0) + 50 * np.cos(x / 7.0) + random.normal(0, 5, shape)
    if np.dtype(dtype).kind == "u":
        return (smooth + 128).clip(0, 255).astype(dtype) * np.array(np.iinfo(dtype).max // 255, dtype)
    if np.dtype(dtype).kind == "i":
        return (smooth * (np.iinfo(dtype).max // 128)).clip(-(2**31), 2**31 - 1).astype(dtype)
    return (smooth / 7).astype(dtype)


def done(name, data):
    data.astype(data.dtype.newbyteorder("<")).tofile(f"{folder}/{name}.raw")
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump({"shape": data.shape, "dtype": str(data.dtype)}, file)


def tiff(name, data, **options):
    tifffile.imwrite(f"{folder}/{name}.tif", data, metadata=options.pop("metadata", None), **options)
    done(name, data)


def libtiff(name, data, compression, predictor=1, **options):
    pages = [Image.fromarray(page) for page in data]
    info = {**({317: predictor} if predictor > 1 else {}), **options}
    pages[0].save(f"{folder}/{name}.tif", compression=compression, tiffinfo=info, save_all=True, append_images=pages[1:])
    done(name, data)


for dtype in ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"]:
    tiff(dtype, volume(dtype))
    tiff(f"{dtype}-big-endian", volume(dtype), byteorder=">")
    tiff(f"{dtype}-strips-deflate", volume(dtype), rowsperstrip=16, compression="zlib")
for dtype in ["uint8", "uint16", "int16", "uint32", "int32"]:
    tiff(f"{dtype}-deflate-predictor", volume(dtype), compression="zlib", predictor=2, rowsperstrip=20)
    tiff(f"{dtype}-deflate-predictor-big-endian", volume(dtype), compression="zlib", predictor=2, byteorder=">")
tiff("uint16-tiled", volume("uint16"), tile=(32, 16))
tiff("uint16-tiled-deflate-predictor-big-endian", volume("uint16"), tile=(16, 32), compression="zlib", predictor=2, byteorder=">")
tiff("float32-tiled", volume("float32"), tile=(16, 16), byteorder=">")
tiff("uint16-bigtiff", volume("uint16"), bigtiff=True)
tiff("uint16-bigtiff-big-endian", volume("uint16"), bigtiff=True, byteorder=">", rowsperstrip=9)
tiff("uint16-white-is-zero", volume("uint16"), photometric="miniswhite")

for dtype in ["uint8", "uint16", "int32", "float32"]:
    for method in ["tiff_lzw", "packbits", "tiff_adobe_deflate", "zstd"]:
        libtiff(f"{dtype}-libtiff-{method}", volume(dtype), method)
    for method in ["tiff_lzw", "zstd"]:
        libtiff(f"{dtype}-libtiff-{method}-predictor", volume(dtype), method, 2)
libtiff("float32-libtiff-deflate-float-predictor", volume("float32"), "tiff_adobe_deflate", 3)
libtiff("float32-libtiff-lzw-float-predictor", volume("float32"), "tiff_lzw", 3)
libtiff("uint16-libtiff-lzw-noise", random.integers(0, 65536, (2, 300, 200)).astype("uint16"), "tiff_lzw")
libtiff("uint8-libtiff-lzw-zeros", np.zeros((2, 900, 700), "uint8"), "tiff_lzw")

imagej = {"spacing": 3.5, "unit": "um", "axes": "ZYX"}
tiff("imagej", volume("uint16"), imagej=True, resolution=(1 / 2.5, 1 / 2.0), metadata=imagej)
tiff("imagej-big-endian-float", volume("float32"), imagej=True, byteorder=">", metadata={"axes": "ZYX"})
data = volume("uint16")
tiff("imagej-one-directory", data, metadata=None, description="ImageJ=1.54f\nimages=5\nslices=5\nunit=mm\nspacing=0.01\n")
with tifffile.TiffFile(f"{folder}/imagej-one-directory.tif", mode="r+b") as file:
    # What ImageJ does: one directory, and all planes behind each other.
    first = file.pages[0]
    start = first.dataoffsets[0]
    file.filehandle.seek(first.offset + 2 + 12 * len(first.tags))
    file.filehandle.write(b"\0\0\0\0")
assert start + data.nbytes <= __import__("os").path.getsize(f"{folder}/imagej-one-directory.tif")
ome = {"axes": "ZYX", "PhysicalSizeX": 0.5, "PhysicalSizeY": 0.6, "PhysicalSizeZ": 0.002, "PhysicalSizeZUnit": "mm"}
tifffile.imwrite(f"{folder}/ome.ome.tif", data, ome=True, metadata=ome)
done("ome.ome", data)
tiff("centimetres", volume("uint8"), resolution=(1250, 1250), resolutionunit="CENTIMETER")
tiff("screen", volume("uint8"), resolution=(72, 72), resolutionunit="INCH")
tiff("thumbnail", volume("uint8"), subfiletype=0)
with tifffile.TiffWriter(f"{folder}/thumbnail.tif") as writer:
    for page in (thick := volume("uint8")):
        writer.write(page, metadata=None)
        writer.write(page[::8, ::8], subfiletype=1, metadata=None)
done("thumbnail", thick)
