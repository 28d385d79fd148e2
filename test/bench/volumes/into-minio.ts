import { join } from "node:path";
import { rm } from "node:fs/promises";
import { createMinioStore, ensureBucket } from "../../../activities/stores/minio-store.ts";
import { startTestMinio } from "../../support/minio.ts";
import { alternate } from "../alternate.ts";
import type { Measure } from "../measure.ts";
import { runOurs } from "../run-work.ts";
import { speedRow } from "../speed-row.ts";
import { OURS, rawBytes, SHAPE } from "./paths.ts";
import { writeSlices } from "./phantom.ts";

/**
 * The same conversion into MinIO, against our own speed to the disk, and against the time MinIO
 * takes for objects of the same sizes from a client that does nothing else.
 */
export const INTO_MINIO: Measure = {
  name: "minio",
  async run({ folder, runs, shape = SHAPE, note }) {
    const slices = join(folder, "slices");
    const root = join(folder, "ours");
    note(`writing ${shape.join("x")} voxels as slices`);
    await writeSlices(slices, shape);
    const source = { scan: "bench", source: slices };
    const minio = await startTestMinio(folder);
    try {
      await ensureBucket(minio.options);
      const store = createMinioStore(minio.options);
      const clean = async () => {
        for await (const { key } of store.list("")) await store.delete(key);
        await rm(root, { recursive: true, force: true });
      };
      const convert = (to: object) => runOurs(OURS, "convert", { store: to, source, key: "bench" });
      const intoMinio = () => convert({ minio: minio.options });
      await intoMinio();
      const sizes: number[] = [];
      for await (const { bytes } of store.list("volumes/")) sizes.push(bytes);
      const medians = await alternate(
        runs,
        {
          "into MinIO": intoMinio,
          "to disk": () => convert({ root }),
          puts: () => runOurs(OURS, "puts", { minio: minio.options, prefix: "puts", sizes }),
        },
        note,
        clean,
      );
      const bytes = rawBytes(shape);
      const work = `${shape.join("×")} uint16 TIFF slices to OME-Zarr with pyramid, into MinIO`;
      const { "into MinIO": ours, "to disk": disk, puts } = medians;
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const ceiling = `bare puts of its ${sizes.length} objects (${(total / 1e6).toFixed(0)} MB)`;
      return [
        speedRow(work, "our own speed to disk", bytes, { ours, peer: disk }, 0.7),
        speedRow(work, ceiling, bytes, { ours, peer: puts }, 0.7),
      ];
    } finally {
      await minio.stop();
    }
  },
};
