"""Writes HDF5 files as beamlines and people write them, with h5py. Voxel k of a volume is 131 k + 7."""

import os
import sys

import h5py
import numpy as np

os.chdir(sys.argv[1])
os.makedirs("sub", exist_ok=True)
v = (np.arange(480) * 131 + 7).astype("u2").reshape(6, 10, 8)
CHUNKS = {"chunks": (4, 3, 5), "shuffle": True, "fletcher32": True}


def plain(name, data, attributes={}, path="data", file={}, **options):
    with h5py.File(name, "w", **file) as f:
        d = f.create_dataset(path, data=data, **options)
        d.attrs.update(attributes)


def group(f, path, kind, **attributes):
    g = f.require_group(path)
    g.attrs["NX_class"] = kind
    g.attrs.update(attributes)
    return g


for dtype in ["u1", "i1", "u2"]:
    plain(f"{dtype}.h5", v.astype(dtype))
for dtype in ["u2", "i2", "u4", "i4", "f4"]:
    plain(f"big-{dtype}.h5", v.astype(f">{dtype}"), compression="gzip", **CHUNKS)
plain("latest.h5", v, {"scale_factor": 0.5, "add_offset": -2.0}, file={"libver": "latest"}, maxshape=(None, 10, 8), compression="gzip", **CHUNKS)
plain("szip.h5", v, chunks=(2, 10, 8), compression="szip")
plain("user-block.h5", v, file={"userblock_size": 512})
plain("four-axes.h5", v[None, ..., None], {"element_size_um": [3.0, 2.0, 1.5]})
plain("bool.h5", v > 20000)
plain("pixel.h5", v, {"pixel_size": 1.5, "pixel_size_units": "µm"})
plain("no-unit.h5", v, {"pixel_size": 1.5})
plain("volume-cm.h5", v, {"voxel_size_cm": 0.0004})
for dtype in ["f2", "f8", "i8"]:
    plain(f"refused-{dtype}.h5", v.astype(dtype))
plain("flat.h5", v[0])
plain("lzf.h5", v, chunks=(2, 10, 8), compression="lzf")
plain("nan.h5", np.where(v == v[2, 3, 4], np.nan, v).astype("f4"))

with h5py.File("never-filled.h5", "w") as f:
    f.create_dataset("data", shape=(10**7, 3000, 3000), dtype="u2", chunks=(1, 64, 64))
with h5py.File("huge-chunk.h5", "w") as f:
    f.create_dataset("data", shape=(1024, 1024, 1024), dtype="u2", chunks=(1024, 1024, 1024), compression="gzip")

with h5py.File("nexus.nxs", "w") as f:
    f.attrs["default"] = "entry"
    group(f, "entry", "NXentry", default="result")
    g = group(f, "entry/result", "NXdata", signal="data", axes=["z", "y", "x"])
    g.create_dataset("data", data=v).attrs["units"] = "1/cm"
    for name, count, step in [("z", 6, 0.004), ("y", 10, 0.002), ("x", 8, 0.002)]:
        g.create_dataset(name, data=3 + step * np.arange(count)).attrs["units"] = "mm"
    f["entry/other"] = v + 1
with h5py.File("old-nexus.nxs", "w") as f:
    group(f, "entry", "NXentry")
    g = group(f, "entry/processed", "NXdata")
    g.create_dataset("v", data=v).attrs["signal"] = 1
    f["entry/raw"] = v + 1
with h5py.File("exchange.h5", "w") as f:
    f["exchange/data"], f["exchange/mask"] = v, v + 1
    f["measurement/instrument/detector/magnification"] = 2.0
    for name in ["x_pixel_size", "y_pixel_size"]:
        f[f"measurement/instrument/detector/{name}"] = 6.5
        f[f"measurement/instrument/detector/{name}"].attrs["units"] = "um"
with h5py.File("only-one.h5", "w") as f:
    f["entry/data/data"], f["entry/theta"], f["name"] = v, np.arange(6.0), "fish"
    f["again"], f["nowhere"] = h5py.SoftLink("/entry/data/data"), h5py.SoftLink("/gone")
    f["entry/back"] = f["/"]

with h5py.File("exchange-raw.h5", "w") as f:
    f["exchange/data"], f["exchange/data_white"], f["exchange/theta"] = v, v[:2], np.arange(6.0)
with h5py.File("nxtomo.nxs", "w") as f:
    f.attrs["default"] = "entry"
    group(f, "entry", "NXentry", default="data")["definition"] = "NXtomo"
    f["entry/instrument/detector/data"] = v
    f["entry/instrument/detector/image_key"] = np.zeros(6, int)
    g = group(f, "entry/data", "NXdata", signal="data")
    g["data"] = h5py.SoftLink("/entry/instrument/detector/data")
with h5py.File("two.h5", "w") as f:
    f["a"], f["deep/b"] = v, v.astype("f4")

plain("sub/part.h5", v, path="x/volume")
plain("outside.h5", v)
for name, target in [("link.h5", "sub/part.h5"), ("link-outside.h5", "../outside.h5"), ("link-absolute.h5", os.path.abspath("outside.h5")), ("link-broken.h5", "sub/gone.h5")]:
    with h5py.File(name if name == "link.h5" else f"sub/{name}", "w") as f:
        f["entry/data"] = h5py.ExternalLink(target, "/x/volume" if name == "link.h5" else "/data")
os.symlink("../outside.h5", "sub/symlink.h5")
with h5py.File("sub/link-symlink.h5", "w") as f:
    f["data"] = h5py.ExternalLink("symlink.h5", "/data")
with h5py.File("circle.h5", "w") as f:
    f["data"] = h5py.SoftLink("/data")


def virtual(name, sources, planes=6):
    layout = h5py.VirtualLayout(shape=(planes, 10, 8), dtype="u2")
    for (file, path), where in sources:
        layout[where] = h5py.VirtualSource(file, path, shape=(where.stop - where.start, 10, 8))
    with h5py.File(name, "w", libver="latest") as f:
        f.create_virtual_dataset("data", layout)


plain("sub/first.h5", v[:2])
plain("sub/rest.h5", v[2:], compression="gzip", **CHUNKS)
plain("sub/floats.h5", v.astype("f4"))
virtual("virtual.h5", [(("sub/first.h5", "data"), slice(0, 2)), (("sub/rest.h5", "data"), slice(2, 6))])
virtual("virtual-missing.h5", [(("sub/first.h5", "data"), slice(0, 2)), (("sub/gone.h5", "data"), slice(2, 6))])
virtual("virtual-short.h5", [(("sub/first.h5", "data"), slice(0, 2))])
virtual("virtual-no-path.h5", [(("sub/part.h5", "y"), slice(0, 6))])
virtual("virtual-type.h5", [(("sub/floats.h5", "data"), slice(0, 6))])
virtual("sub/virtual-outside.h5", [(("../outside.h5", "data"), slice(0, 6))])
v.tofile("voxels.bin")
with h5py.File("external.h5", "w") as f:
    f.create_dataset("data", shape=v.shape, dtype="u2", external=[(os.path.abspath("voxels.bin"), 0, h5py.h5f.UNLIMITED)])
with h5py.File("writing.h5", "w", libver="latest") as f:
    f["data"] = v
    f.swmr_mode = True
    f.flush()
    copy = open("writing.h5", "rb").read()
open("writing.h5", "wb").write(copy)
