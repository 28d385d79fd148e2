"""Writes Zarr arrays and OME-Zarr images of every kind with zarr-python 3 and ome-zarr-py, and their voxels as raw bytes."""

import json
import sys
import warnings

import numcodecs
import numpy as np
import zarr
from ome_zarr.format import FormatV04, FormatV05
from ome_zarr.io import parse_url
from ome_zarr.writer import write_image
from zarr.codecs import BloscCodec, BytesCodec, Crc32cCodec, GzipCodec, ShardingCodec, TransposeCodec, ZstdCodec

warnings.simplefilter("ignore")
folder = sys.argv[1]
random = np.random.default_rng(7)
SHAPE = (11, 26, 37)
CHUNK = (4, 10, 16)


def volume(dtype, shape=SHAPE):
    dtype = np.dtype(dtype)
    if dtype.kind == "b":
        return random.random(shape) < 0.4
    z, y, x = np.ogrid[: shape[0], : shape[1], : shape[2]]
    smooth = 60 * np.sin(z + y / 9.0) + 50 * np.cos(x / 7.0) + random.normal(0, 5, shape)
    if dtype.kind == "f":
        return (smooth / 7).astype(dtype)
    top = np.iinfo(dtype).max
    base = smooth + 128 if dtype.kind == "u" else smooth
    low = 0 if dtype.kind == "u" else -255
    return (base.clip(low, 255) / 256 * top).astype(dtype)


def done(name, data):
    data = np.asarray(data)
    if data.dtype.kind == "b":
        data = data.astype("u1")
    data.astype(data.dtype.newbyteorder("<")).tofile(f"{folder}/{name}.raw")
    with open(f"{folder}/{name}.json", "w") as file:
        json.dump({"shape": data.shape[-3:], "dtype": str(data.dtype.newbyteorder("="))}, file)


def array(name, data, zarr_format, chunks=CHUNK, save=True, **options):
    options.setdefault("fill_value", 0)
    a = zarr.create_array(
        f"{folder}/{name}", shape=data.shape, dtype=data.dtype, chunks=chunks, zarr_format=zarr_format, **options
    )
    a[...] = data
    if save:
        done(name, data)
    return a


for dtype in ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32", "bool"]:
    data = volume(dtype)
    array(f"v2-{dtype}", data, 2)
    array(f"v3-{dtype}", data, 3)
    array(f"v3-{dtype}-sharded", data, 3, chunks=(4, 5, 8), shards=(8, 10, 16))
for dtype in ["uint16", "int32", "float32"]:
    array(f"v2-{dtype}-big", volume(dtype).astype(np.dtype(dtype).newbyteorder(">")), 2)
    array(f"v3-{dtype}-big", volume(dtype), 3, serializer=BytesCodec(endian="big"))

u16 = volume("uint16")
V2 = {
    "raw": {"compressors": None},
    "slash": {"chunk_key_encoding": {"name": "v2", "separator": "/"}},
    "fortran": {"order": "F"},
    "zlib": {"compressors": numcodecs.Zlib(3)},
    "gzip": {"compressors": numcodecs.GZip(3)},
    "zstd": {"compressors": numcodecs.Zstd(3)},
    "lz4": {"compressors": numcodecs.LZ4()},
    "blosc-lz4-bitshuffle": {"compressors": numcodecs.Blosc("lz4", 5, numcodecs.Blosc.BITSHUFFLE)},
    "blosc-zstd": {"compressors": numcodecs.Blosc("zstd", 5, numcodecs.Blosc.SHUFFLE)},
    "shuffle": {"filters": [numcodecs.Shuffle(2)], "compressors": numcodecs.Zlib(3)},
    "delta": {"filters": [numcodecs.Delta("<u2")], "compressors": numcodecs.Zlib(3)},
    "delta-fortran": {"filters": [numcodecs.Delta("<u2")], "compressors": numcodecs.Zlib(3), "order": "F"},
}
for name, options in V2.items():
    array(f"v2-{name}", u16, 2, **options)

V3 = {
    "raw": {"compressors": None},
    "dot": {"chunk_key_encoding": {"name": "default", "separator": "."}},
    "v2-keys": {"chunk_key_encoding": {"name": "v2", "separator": "."}},
    "gzip": {"compressors": GzipCodec(level=3)},
    "zstd": {"compressors": ZstdCodec(level=3, checksum=True)},
    "blosc-lz4": {"compressors": BloscCodec(cname="lz4", shuffle="shuffle")},
    "blosc-zlib-bitshuffle": {"compressors": BloscCodec(cname="zlib", shuffle="bitshuffle")},
    "crc32c": {"compressors": [ZstdCodec(), Crc32cCodec()]},
    "transpose": {"filters": [TransposeCodec(order=(2, 0, 1))]},
    "numcodecs-lz4": {"compressors": [zarr.codecs.numcodecs.LZ4()]},
    "index-first": {
        "chunks": (8, 10, 16),
        "compressors": None,
        "serializer": ShardingCodec(
            chunk_shape=(4, 5, 8), codecs=[BytesCodec(), BloscCodec(cname="zstd")], index_location="start"
        ),
    },
    "sharded-transpose": {
        "chunks": (8, 10, 16),
        "compressors": None,
        "serializer": ShardingCodec(
            chunk_shape=(4, 5, 8), codecs=[TransposeCodec(order=(1, 2, 0)), BytesCodec(), Crc32cCodec()]
        ),
    },
    "one-chunk": {"chunks": SHAPE},
    "deep": {"chunks": (11, 3, 5)},
}
for name, options in V3.items():
    array(f"v3-{name}", u16, 3, **options)

# Chunks that hold only the fill value are not stored.
sparse = np.full(SHAPE, 700, "uint16")
sparse[5, 12, 3] = 9
array("v2-sparse", sparse, 2, fill_value=700)
array("v3-sparse", sparse, 3, fill_value=700)
array("v3-sparse-sharded", sparse, 3, chunks=(4, 5, 8), shards=(8, 10, 16), fill_value=700)
holes = volume("float32")
holes[8:] = np.nan
array("v3-nan", holes, 3, fill_value=float("nan"))

array("v3-4d", u16[np.newaxis], 3, chunks=(1, *CHUNK), dimension_names=["c", "z", "y", "x"])
array("v3-wide-chunk-4d", u16[np.newaxis], 3, chunks=(3, *CHUNK), dimension_names=["c", "z", "y", "x"])
array("v3-channels", np.stack([u16] * 3), 3, chunks=(1, *CHUNK), save=False, dimension_names=["c", "z", "y", "x"])
array("v3-xyz", u16, 3, save=False, dimension_names=["x", "y", "z"])
array("v3-czx", u16, 3, save=False, dimension_names=["c", "y", "x"])
array("v3-flat", u16[0], 3, chunks=CHUNK[1:], save=False, dimension_names=["y", "x"])
array("v3-unnamed-4d", u16[np.newaxis], 3, chunks=(1, *CHUNK), save=False)
for dtype in ["float64", "int64", "uint64", "float16", "complex64"]:
    for version in [2, 3]:
        array(f"v{version}-{dtype}", np.ones(SHAPE, dtype), version, save=False)

group = zarr.open_group(f"{folder}/plain", mode="w", zarr_format=3)
inner = group.create_group("entry").create_array("data", shape=SHAPE, dtype="uint16", chunks=CHUNK)
inner[...] = u16

# OME-Zarr by ome-zarr-py, all its levels included.
for name, format in [("ome-04", FormatV04()), ("ome-05", FormatV05())]:
    root = zarr.group(parse_url(f"{folder}/{name}", mode="w", fmt=format).store, zarr_format=format.zarr_format)
    write_image(
        u16[np.newaxis],
        root,
        fmt=format,
        axes="czyx",
        axes_units={"z": "millimeter", "y": "micrometer", "x": "nanometer"},
        scale={"z": 0.25, "y": 0.5, "x": 125},
        scale_factors=(2, 4),
        storage_options={"chunks": (1, *CHUNK)},
        name="the fish",
    )
    done(name, u16[np.newaxis])
    done(f"{name}-level-1", root["s1"][...])
