"""Writes TIFF files of every kind with tifffile and Pillow (libtiff), and their voxels as raw bytes."""

import json
import sys
import zlib

import numcodecs.zstd
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


def lzw(raw):
    """TIFF's LZW by the book: codes grow one early, most significant bit first."""
    bits, count, out, width, table, text = 0, 0, bytearray(), 9, {}, b""

    def put(code):
        nonlocal bits, count
        bits, count = (bits << width) | code, count + width
        while count >= 8:
            out.append(bits >> (count - 8) & 255)
            count -= 8
            bits &= (1 << count) - 1

    code_of = lambda text: text[0] if len(text) == 1 else table[text]
    put(256)
    for byte in raw:
        longer = text + bytes([byte])
        if len(longer) == 1 or longer in table:
            text = longer
            continue
        put(code_of(text))
        table[longer] = 258 + len(table)
        if 258 + len(table) > 4094:
            put(256)
            table, width = {}, 9
        elif 258 + len(table) >= 1 << width:
            width += 1
        text = bytes([byte])
    put(code_of(text))
    if 258 + len(table) + 1 >= 1 << width and width < 12:
        width += 1
    put(257)
    if count:
        out.append(bits << (8 - count) & 255)
    return bytes(out)


def packbits(raw):
    """Runs where there are three equal bytes and more, else literals."""
    out, i, start = bytearray(), 0, 0

    def literals(end):
        for at in range(start, end, 128):
            part = raw[at : min(end, at + 128)]
            out.append(len(part) - 1)
            out.extend(part)

    while i < len(raw):
        run = 1
        while i + run < len(raw) and run < 128 and raw[i + run] == raw[i]:
            run += 1
        if run >= 3:
            literals(i)
            out.extend([257 - run, raw[i]])
            start = i = i + run
        else:
            i += 1
    literals(len(raw))
    return bytes(out)


METHODS = {"lzw": 5, "zlib": 8, "packbits": 32773, "zstd": 50000}
PACKERS = {
    "lzw": lzw,
    "zlib": zlib.compress,
    "packbits": packbits,
    "zstd": lambda raw: bytes(numcodecs.zstd.compress(raw, 1)),
}


def predicted(block, predictor, order):
    """A strip or tile as it is stored, before it is packed."""
    if predictor == 3:
        planes = block.astype(">f4").view("u1").reshape(len(block), -1, 4).transpose(0, 2, 1).reshape(len(block), -1)
        return np.diff(planes, axis=1, prepend=np.zeros((len(block), 1), "u1")).tobytes()
    if predictor == 2:
        block = np.diff(block, axis=1, prepend=np.zeros((len(block), 1), block.dtype))
    return block.astype(block.dtype.newbyteorder(order)).tobytes()


def encoded(name, data, method, predictor=1, order="<", tile=None, bigtiff=False):
    """Tifffile writes the file; its strips and tiles are packed here, for which it would need imagecodecs."""
    rows, columns = tile or (20, data.shape[2])

    def segments():
        for page in data:
            for y in range(0, page.shape[0], rows):
                for x in range(0, page.shape[1], columns):
                    block = page[y : y + rows, x : x + columns]
                    if tile:
                        block = np.pad(block, [(0, rows - block.shape[0]), (0, columns - block.shape[1])])
                    yield PACKERS[method](predicted(np.ascontiguousarray(block), predictor, order))

    # Written as type, method and predictor that tifffile has itself, then called by their own names.
    stored = np.dtype("int32") if data.dtype.kind == "f" else data.dtype
    tifffile.imwrite(
        f"{folder}/{name}.tif", segments(), shape=data.shape, dtype=stored, byteorder=order, bigtiff=bigtiff,
        compression="zlib", metadata=None, photometric="minisblack",
        predictor=2 if predictor > 1 else None,
        **({"tile": tile} if tile else {"rowsperstrip": rows}),
    )
    with tifffile.TiffFile(f"{folder}/{name}.tif", mode="r+b") as file:
        for page in file.pages:
            page.tags[259].overwrite(METHODS[method])
            if data.dtype.kind == "f":
                page.tags[339].overwrite(3)
            if predictor > 1:
                page.tags[317].overwrite(predictor)
    done(name, data)


for method in PACKERS:
    for order, endian in [("<", "little"), (">", "big")]:
        for dtype in ["uint8", "uint16", "int16", "uint32", "float32"]:
            for predictor in [1] if method == "packbits" else [1, 3] if dtype == "float32" else [1, 2]:
                for tile, layout in [(None, "strips"), ((32, 16), "tiles")]:
                    name = f"{method}-{endian}-{dtype}-{predictor}-{layout}"
                    encoded(name, volume(dtype, (2, 70, 53)), method, predictor, order, tile, bigtiff=dtype == "int16")
# Larger than what a decoder hands out in one piece.
encoded("large-zlib-predictor-3", volume("float32", (1, 300, 200)), "zlib", 3, ">", (304, 208))
encoded("large-lzw-predictor-2", volume("uint16", (1, 300, 200)), "lzw", 2, ">", (304, 208))

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
