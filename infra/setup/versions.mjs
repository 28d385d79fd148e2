/**
 * Every version that the set-up brings, in one place. A piece's folder in the cache carries its
 * version, so a new number here makes the next set-up build that piece and no other.
 */
export const VERSIONS = {
  temporal: "1.9.1",
  temporalTestServer: "1.40.0",
  tensorflow: "2.21.0",
  qim3d: "1.5.3",
  minio: "0.0.0-20260212201848-7aac2a2c5b7c",
  go: "1.26.5",
};

export const MINIO_MODULE = `github.com/minio/minio@v${VERSIONS.minio}`;

/** MinIO's go.mod asks for this or newer; an older Go is left alone and one from PyPI taken. */
export const OLDEST_GO = [1, 24];

export const OLDEST_NODE = [20, 19];
export const OLDEST_PYTHON = [3, 10];

/**
 * What the tests read our files back with and run our encoders in, and what the benchmarks are
 * measured against. The last numpy, zarr, … for Python 3.10 are older ones. Of its readers only
 * tensorstore knows sharded Zarr v3 and none knows OME-Zarr 0.5, so tests that need those say so.
 */
export const TEST_PACKAGES = [
  'numpy==2.4.6; python_version >= "3.11"',
  'numpy==2.2.6; python_version < "3.11"',
  'scipy==1.17.1; python_version >= "3.11"',
  'scipy==1.15.3; python_version < "3.11"',
  'scikit-image==0.26.0; python_version >= "3.11"',
  'scikit-image==0.25.2; python_version < "3.11"',
  'tifffile==2026.3.3; python_version >= "3.11"',
  'tifffile==2025.5.10; python_version < "3.11"',
  'zarr==3.1.6; python_version >= "3.11"',
  'zarr==2.18.3; python_version < "3.11"',
  'tensorstore==0.1.86; python_version >= "3.11"',
  'tensorstore==0.1.78; python_version < "3.11"',
  'ome-zarr==0.18.0; python_version >= "3.11"',
  'ngff-zarr[validate]==0.50.0; python_version >= "3.11"',
  'onnxruntime==1.32.0; python_version >= "3.11"',
  'onnxruntime==1.23.2; python_version < "3.11"',
  "onnx==1.23.2",
  "tensorboard==2.21.0",
  "nibabel==5.4.2",
  "pynrrd==1.1.3",
  "h5py==3.16.0",
];

/** How the addon is compiled; part of its cache key. */
export const ADDON_FLAGS = ["-O2", "-std=c++17", "-fPIC", "-shared", "-DNAPI_VERSION=8"];
