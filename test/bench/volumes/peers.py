"""`peers.py NAME INPUT`: one of the peers' works in a process of its own; see `run-work.ts`."""

import glob
import itertools
import json
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy as np

THREADS = os.cpu_count()


def halve(a):
    """The mean of 2x2x2 voxels by reshape, whole numbers half up; odd ends are repeated."""
    a = np.pad(a, [(0, n % 2) for n in a.shape], "edge") if any(n % 2 for n in a.shape) else a
    z, y, x = (n // 2 for n in a.shape)
    return (a.reshape(z, 2, y, 2, x, 2).mean((1, 3, 5)) + 0.5).astype(a.dtype)


def level_shapes(shape):
    shapes = [tuple(shape)]
    while max(shapes[-1]) > 64:
        shapes.append(tuple(-(-n // 2) for n in shapes[-1]))
    return shapes


def convert_tensorstore(layouts, source, to, method):
    """Slices into sharded Zarr v3 with a pyramid, by rows of shards; `method` is whose mean."""
    import tensorstore as ts
    import tifffile

    def create(k, layout):
        # As our store does, which leaves it to the system when files reach the disk.
        store = {"driver": "file", "path": f"{to}/{k}", "file_io_sync": False}
        spec = {"driver": "zarr3", "kvstore": store, "metadata": layout}
        return ts.open(spec, create=True, delete_existing=True).result()

    def timed():
        files = sorted(glob.glob(f"{source}/*.tif"))
        levels = [create(k, layout) for k, layout in enumerate(layouts)]
        depths = [layout["chunk_grid"]["configuration"]["chunk_shape"][0] for layout in layouts]
        pending = [[] for _ in levels]
        at = [0] * len(levels)
        waiting = []

        def write(k, slab):
            waiting.append(levels[k][at[k] : at[k] + len(slab)].write(slab))
            at[k] += len(slab)

        def give(k, slab):
            """Collect a level's planes until they fill a row of its shards, or are its last."""
            pending[k].append(slab)
            there = sum(map(len, pending[k]))
            if there < depths[k] and at[k] + there < levels[k].shape[0]:
                return
            slab = pending[k][0] if len(pending[k]) == 1 else np.concatenate(pending[k])
            pending[k] = []
            write(k, slab)
            if k + 1 == len(levels):
                return
            if method == "numpy":
                give(k + 1, halve(slab))
            else:
                down = ts.downsample(ts.array(slab), [2, 2, 2], "mean")
                give(k + 1, down.read().result())

        with ThreadPoolExecutor(THREADS) as pool:
            depth = depths[0]
            for z in range(0, len(files), depth):
                give(0, np.stack(list(pool.map(tifffile.imread, files[z : z + depth]))))
                # Two slabs on their way are enough.
                while len(waiting) > 2 * len(levels):
                    waiting.pop(0).result()
        for future in waiting:
            future.result()

    return timed


def convert_ome_zarr(layouts, source, to, method):
    """Slices by tifffile, then the library's own function for an image with a pyramid.

    `method`: `defaults`, as its documentation calls it, or `local_mean` with our chunks, shards and codec.
    """
    import tifffile
    from ome_zarr.format import FormatV05
    from ome_zarr.scale import Methods
    from ome_zarr.writer import write_image
    from zarr.codecs import BloscCodec

    def timed():
        files = sorted(glob.glob(f"{source}/*.tif"))
        voxels = tifffile.imread(files, ioworkers=THREADS)
        if method == "defaults":
            write_image(voxels, to, fmt=FormatV05(), axes="zyx")
            return
        codec = BloscCodec(typesize=2, cname="zstd", clevel=1, shuffle="shuffle")
        options = []
        for layout in layouts:
            shards = layout["chunk_grid"]["configuration"]["chunk_shape"]
            chunks = layout["codecs"][0]["configuration"]["chunk_shape"]
            options.append({"chunks": tuple(chunks), "shards": tuple(shards), "compressors": [codec]})
        factors = [dict.fromkeys("zyx", 2**k) for k in range(1, len(layouts))]
        write_image(
            voxels, to, factors, method=Methods.LOCAL_MEAN, fmt=FormatV05(), axes="zyx", storage_options=options
        )

    return timed


def compare(ours, peer, slack, cut=False):
    """The largest difference of every level; fails where shapes differ or level 0 is not equal.

    `cut`: the peer leaves out what is over at the end of an odd axis.
    """
    import tensorstore as ts

    def levels(path):
        for k in itertools.count():
            name = next((n for n in (f"{k}", f"s{k}") if os.path.exists(f"{path}/{n}/zarr.json")), None)
            if name is None:
                return
            spec = {"driver": "zarr3", "kvstore": {"driver": "file", "path": f"{path}/{name}"}}
            yield ts.open(spec, read=True).result().read().result()

    def timed():
        largest = []
        for k, (a, b) in enumerate(itertools.zip_longest(levels(ours), levels(peer))):
            assert a is not None and b is not None, f"only one side has level {k}"
            if cut and k > 0:
                assert all(n - m in range(k + 1) for n, m in zip(a.shape, b.shape)), (a.shape, b.shape)
                a = a[tuple(map(slice, b.shape))]
            assert a.shape == b.shape and a.dtype == b.dtype, (a.shape, b.shape, a.dtype, b.dtype)
            steps = range(0, len(a), 64)
            largest.append(max(int(np.abs(a[z : z + 64].astype(int) - b[z : z + 64]).max()) for z in steps))
            assert largest[-1] <= (slack if k > 0 else 0), f"level {k} differs by {largest[-1]}"
        return {"largest": largest}

    return timed


def touched(path, box):
    """The places of the chunks that a box touches: file, offset, length; in the order of the files."""
    document = json.load(open(f"{path}/zarr.json"))
    shard = document["chunk_grid"]["configuration"]["chunk_shape"]
    chunk = document["codecs"][0]["configuration"]["chunk_shape"]
    inside = [s // c for s, c in zip(shard, chunk)]
    for at in itertools.product(*[range(lo // s, -(-hi // s)) for (lo, hi), s in zip(box, shard)]):
        file = f"{path}/c/" + "/".join(map(str, at))
        if not os.path.exists(file):
            continue
        with open(file, "rb") as f:
            f.seek(-16 * int(np.prod(inside)) - 4, os.SEEK_END)
            index = np.frombuffer(f.read()[:-4], "<u8").reshape(*inside, 2)
        places = []
        for k in itertools.product(*map(range, inside)):
            lo = [a * s + i * c for a, s, i, c in zip(at, shard, k, chunk)]
            hits = all(l < b[1] and l + c > b[0] for l, c, b in zip(lo, chunk, box))
            if hits and int(index[k][0]) != 2**64 - 1:
                places.append((file, int(index[k][0]), int(index[k][1])))
        yield from sorted(places)


def move_bytes(level, box, sizes, to, durable):
    """Read the compressed bytes that a crop needs, write those that it has, as plain files."""
    places = list(touched(level, box))
    source = np.random.default_rng(1).integers(0, 256, max(sizes), np.uint8).tobytes()
    os.makedirs(to)

    def timed():
        read = 0
        for file, group in itertools.groupby(places, lambda place: place[0]):
            with open(file, "rb", buffering=0) as f:
                for _, offset, length in group:
                    read += len(os.pread(f.fileno(), length, offset))
        for i, size in enumerate(sizes):
            with open(f"{to}/{i}", "wb", buffering=0) as f:
                f.write(memoryview(source)[:size])
                if durable:
                    os.fsync(f.fileno())
        assert read == sum(length for _, _, length in places)
        return {"read": read, "written": sum(sizes)}

    return timed


def move_raw(file, to):
    """Copy a plain file of voxels, until it is on the disk."""

    def timed():
        with open(file, "rb", buffering=0) as a, open(to, "wb", buffering=0) as b:
            while piece := a.read(8 << 20):
                b.write(piece)
            os.fsync(b.fileno())

    return timed


def evict(root):
    """Drop a folder's files from the system's memory, so that the disk has to give them."""

    def timed():
        for file in glob.glob(f"{root}/**", recursive=True):
            if os.path.isfile(file):
                fd = os.open(file, os.O_RDONLY)
                os.fsync(fd)
                os.posix_fadvise(fd, 0, 0, os.POSIX_FADV_DONTNEED)
                os.close(fd)

    return timed


def mean(file, shape):
    voxels = np.fromfile(file, np.uint16).reshape(shape)

    def timed():
        z, y, x = (n // 2 for n in voxels.shape)
        out = voxels.reshape(z, 2, y, 2, x, 2).mean((1, 3, 5)).astype(np.uint16)
        return lambda: {"checksum": int(out.sum(dtype=np.int64))}

    return timed


def components(file, shape):
    from scipy import ndimage

    mask = np.fromfile(file, np.uint8).reshape(shape)
    corners = np.ones((3, 3, 3), bool)

    def timed():
        return {"count": int(ndimage.label(mask, corners)[1])}

    return timed


def make_masks(folder, shape):
    """Masks as thresholds give them: blobs, a tube's wall, and noise of several densities."""
    from scipy import ndimage

    def timed():
        random = np.random.default_rng(3)
        smooth = ndimage.gaussian_filter(random.standard_normal(shape).astype(np.float32), 6)
        blobs = smooth > np.quantile(smooth, 0.7)
        z, y, x = np.ogrid[tuple(map(slice, shape))]
        r = np.hypot((y - shape[1] / 2) / shape[1], (x - shape[2] / 2) / shape[2])
        wall = (r > 0.42) & (r < 0.46)
        masks = {"blobs": blobs, "specimen": (blobs | wall) ^ (random.random(shape) < 0.002)}
        for density in (0.02, 0.1, 0.5):
            masks[f"noise-{density}"] = random.random(shape) < density
        for name, voxels in masks.items():
            voxels.astype(np.uint8).tofile(f"{folder}/{name}")
        return {"masks": list(masks)}

    return timed


WORKS = {
    "tensorstore": convert_tensorstore,
    "ome-zarr-py": convert_ome_zarr,
    "compare": compare,
    "move-bytes": move_bytes,
    "move-raw": move_raw,
    "evict": evict,
    "mean": mean,
    "components": components,
    "make-masks": make_masks,
}

if __name__ == "__main__":
    timed = WORKS[sys.argv[1]](**json.loads(sys.argv[2]))
    began, before = time.perf_counter(), time.process_time()
    result = timed()
    seconds, cpu = time.perf_counter() - began, time.process_time() - before
    more = result() if callable(result) else result or {}
    peak = next(line for line in open("/proc/self/status") if line.startswith("VmHWM"))
    print(json.dumps({**more, "seconds": seconds, "cpuSeconds": cpu, "peakBytes": int(peak.split()[1]) * 1024}))
