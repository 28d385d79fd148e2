"""`blosc-frames.py SOURCE LEVEL0…`: what c-blosc and the specification say of the frames in our shards."""

import itertools
import json
import os
import struct
import sys

import google_crc32c
import nrrd
import numpy as np
from numcodecs import blosc, zstd

SHUFFLED, STORED, NOT_SPLIT, ZSTD = 0x01, 0x02, 0x10, 4


def frames(path, document):
    """Every stored chunk with its place, out of the shards' indices."""
    (sharding,) = document["codecs"]
    assert sharding["name"] == "sharding_indexed", sharding
    chunk = sharding["configuration"]["chunk_shape"]
    shard = document["chunk_grid"]["configuration"]["chunk_shape"]
    assert all(s % c == 0 for s, c in zip(shard, chunk)), (shard, chunk)
    inside = [s // c for s, c in zip(shard, chunk)]
    shards = [-(-n // s) for n, s in zip(document["shape"], shard)]
    for at in itertools.product(*map(range, shards)):
        file = f"{path}/c/" + "/".join(map(str, at))
        if not os.path.exists(file):
            continue
        data = open(file, "rb").read()
        length = 16 * int(np.prod(inside))
        index, checksum = data[-length - 4 : -4], data[-4:]
        assert struct.unpack("<I", checksum)[0] == google_crc32c.value(index)
        pairs = np.frombuffer(index, "<u8").reshape(*inside, 2)
        for k in itertools.product(*map(range, inside)):
            offset, size = map(int, pairs[k])
            if offset == size == 2**64 - 1:
                continue
            start = [a * s + i * c for a, s, i, c in zip(at, shard, k, chunk)]
            yield start, chunk, data[offset : offset + size]


def look(source, path):
    voxels, _ = nrrd.read(source, index_order="C")
    document = json.load(open(f"{path}/zarr.json"))
    width = voxels.dtype.itemsize
    facts = {"frames": 0, "compressed": 0, "typesizes": [], "shuffled": [], "zeros": 0, "saved": 0}
    typesizes, shuffled = set(), set()
    for start, chunk, frame in frames(path, document):
        version, _, flags, typesize, size, block, total = struct.unpack("<BBBBIII", frame[:16])
        part = voxels[tuple(slice(s, s + c) for s, c in zip(start, chunk))]
        full = np.zeros(chunk, voxels.dtype)
        full[tuple(map(slice, part.shape))] = part
        raw = full.tobytes()
        assert version == 2 and flags >> 5 == ZSTD and total == len(frame) and size == len(raw)
        assert blosc.decompress(frame) == raw, "c-blosc decodes something else"
        facts["frames"] += 1
        facts["zeros"] += not full.any()
        typesizes.add(typesize)
        shuffled.add(bool(flags & SHUFFLED))
        if flags & STORED:
            assert frame[16:] == raw
            continue
        # What zstd compressed is every voxel's first byte, then every voxel's second, …
        facts["compressed"] += 1
        unpacked = b""
        for i in range(-(-size // block)):
            (at,) = struct.unpack_from("<i", frame, 16 + 4 * i)
            this = raw[i * block : (i + 1) * block]
            # c-blosc's rule: a whole block of elements is split unless a flag says that it is not.
            split = not flags & NOT_SPLIT and len(this) == block and 1 < typesize <= 16 and block // typesize >= 128
            streams = typesize if split else 1
            plain = b""
            for _ in range(streams):
                (length,) = struct.unpack_from("<i", frame, at)
                body = frame[at + 4 : at + 4 + length]
                plain += body if length == len(this) // streams else zstd.decompress(body)
                at += 4 + length
            assert plain == np.frombuffer(this, "u1").reshape(-1, width).T.tobytes(), "not shuffled"
            unpacked += plain
        facts["saved"] += len(zstd.compress(raw, 1)) - len(frame)
    (inner,) = [c for c in document["codecs"][0]["configuration"]["codecs"] if c["name"] == "blosc"]
    return {**facts, "typesizes": sorted(typesizes), "shuffled": sorted(shuffled), "codec": inner["configuration"]}


json.dump([look(*pair) for pair in zip(sys.argv[1::2], sys.argv[2::2])], sys.stdout)
