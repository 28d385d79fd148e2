"""`minio.py ENDPOINT BUCKET CASES.json`: voxels that differ when level 0 is read from an S3 server, by reader.

The keys are in AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY.
"""

import json
import sys

import nrrd
import tensorstore
import zarr

endpoint, bucket, cases = sys.argv[1:]


def by_tensorstore(prefix):
    store = {
        "driver": "s3",
        "bucket": bucket,
        "path": f"{prefix}/0",
        "endpoint": endpoint,
        "aws_region": "us-east-1",
        "aws_credentials": {"type": "environment"},
    }
    return tensorstore.open({"driver": "zarr3", "kvstore": store}, read=True).result().read().result()


def by_zarr(prefix):
    options = {"endpoint_url": endpoint, "client_kwargs": {"region_name": "us-east-1"}}
    return zarr.open_group(f"s3://{bucket}/{prefix}", mode="r", storage_options=options)["0"][:]


readers = {"tensorstore": by_tensorstore}
if sys.version_info >= (3, 11):
    readers["zarr-python"] = by_zarr
found = {}
for case in json.load(open(cases)):
    source, _ = nrrd.read(case["source"], index_order="C")
    for name, reader in readers.items():
        found.setdefault(name, []).append(int((reader(case["prefix"]) != source).sum()))
json.dump(found, sys.stdout)
