"""`read_zarr(path)`: one array of an OME-Zarr 0.5 image, by zarr-python where it knows Zarr v3."""

import itertools
import json
import os

import numpy as np
import zarr


def read_zarr(path):
    if int(zarr.__version__.split(".")[0]) >= 3:
        return zarr.open_array(path, mode="r")[:]
    # zarr-python 2 (Python 3.10) does not know Zarr v3: c-blosc and the specification do.
    from numcodecs import blosc

    document = json.load(open(f"{path}/zarr.json"))
    shape, chunk = document["shape"], document["chunk_grid"]["configuration"]["chunk_shape"]
    out = np.zeros(shape, np.dtype(document["data_type"]).newbyteorder("<"))
    for index in itertools.product(*[range(-(-n // c)) for n, c in zip(shape, chunk)]):
        file = f"{path}/c/" + "/".join(map(str, index))
        if os.path.exists(file):
            voxels = np.frombuffer(blosc.decompress(open(file, "rb").read()), out.dtype).reshape(chunk)
            place = tuple(slice(i * c, min(n, (i + 1) * c)) for i, c, n in zip(index, chunk, shape))
            out[place] = voxels[tuple(slice(0, s.stop - s.start) for s in place)]
    return out
