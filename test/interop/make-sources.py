"""`make-sources.py FOLDER`: scans and labels of every type and of awkward shapes, as NRRD, with what they are."""

import json
import sys

import nrrd
import numpy as np

folder = sys.argv[1]
random = np.random.default_rng(20)
cases = []


def add(name, voxels, labels=None):
    nrrd.write(f"{folder}/{name}.nrrd", voxels, {"encoding": "raw"}, index_order="C")
    case = {"name": name, "shape": voxels.shape, "dtype": voxels.dtype.name, "labels": labels is not None}
    if labels is not None:
        nrrd.write(f"{folder}/{name}-labels.nrrd", labels, {"encoding": "raw"}, index_order="C")
        case["labelsDtype"] = labels.dtype.name
    cases.append(case)


def noise(shape, dtype):
    """Uses all of the type's range; fractions for floats."""
    if np.dtype(dtype).kind == "f":
        return random.normal(-3, 50, shape).astype(dtype)
    info = np.iinfo(dtype)
    voxels = random.integers(info.min, info.max, shape, dtype, endpoint=True)
    voxels.flat[0], voxels.flat[-1] = info.min, info.max
    return voxels


def blobs(shape, dtype, numbers):
    """Labels in patches, as a segmentation gives them, with single voxels that differ."""
    coarse = random.choice(np.array(numbers, dtype), [-(-n // 5) for n in shape])
    labels = coarse.repeat(5, 0).repeat(5, 1).repeat(5, 2)[tuple(slice(0, n) for n in shape)]
    return np.where(random.random(shape) < 0.1, random.choice(np.array(numbers, dtype), shape), labels)


for dtype in ["uint8", "int8", "uint16", "int16", "uint32", "int32", "float32"]:
    add(dtype, noise((33, 131, 67), dtype))
add("one-voxel", noise((1, 1, 1), "uint16"))
add("thinner-than-a-chunk", noise((3, 5, 7), "int16"))
add("a-line", noise((1, 201, 1), "float32"))
add("many-shards", noise((66, 3, 1301), "uint8"))
add("all-zero", np.zeros((70, 66, 65), "uint16"))
sparse = noise((131, 129, 130), "uint16")
sparse[:64, :64, :64] = 0
sparse[64:128] = 0
add("zero-chunks", sparse)
# More than 16 MiB, so that threads share the work; smooth enough that bytes shuffled are worth it.
z, y, x = np.ogrid[:141, :260, :270]
tube = 20_000 + 8_000 * ((y - 130) ** 2 + (x - 135) ** 2 < 90**2) + 20 * z
add("large", (tube + random.normal(0, 60, (141, 260, 270))).astype("uint16"))
shape = (35, 129, 66)
for dtype, numbers in [("uint8", [0, 1, 2, 255]), ("uint16", [0, 7, 40_000]), ("uint32", [0, 1, 2**32 - 1]), ("int32", [-(2**31), -1, 0, 2**31 - 1])]:
    add(f"labels-{dtype}", noise(shape, "uint8"), blobs(shape, dtype, numbers))
hot = noise((40, 70, 80), "uint8").astype("uint16") + 1000
hot[20, 30, 40] = 65535
add("hot-voxel", hot)
json.dump(cases, sys.stdout)
