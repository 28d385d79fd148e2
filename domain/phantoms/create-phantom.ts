import { createRandom } from "../random.ts";
import { hullBox } from "../volumes/box.ts";
import { createDetector } from "./detector.ts";
import { extendRows } from "./extend-rows.ts";
import { touchedFaces } from "./faces.ts";
import { createPainter } from "./paint-slice.ts";
import {
  FIELD_OF_VIEW_UM,
  SCAN_GAIN,
  SCAN_OFFSET,
  type Phantom,
  type PhantomProgress,
} from "./phantom.ts";
import type { PhantomRequest } from "./phantom-request.ts";
import { planPhantom } from "./plan-phantom.ts";
import { createProjector } from "./projector.ts";
import { createReconstructor } from "./reconstructor.ts";
import { specimenBoxes } from "./specimen-boxes.ts";

/**
 * Simulate a scan, slice by slice: paint, project, count photons, reconstruct.
 *
 * Yields after every slice, returns the phantom. Equal requests give equal bytes. Throws
 * `InvalidInput` for a request that `completeRequest` refuses.
 */
export function* createPhantom(request: PhantomRequest): Generator<PhantomProgress, Phantom> {
  const plan = planPhantom(request);
  const { size, seed } = plan.request;
  const { angles, columns, extension } = plan.acquisition;
  const painter = createPainter(plan);
  const detector = createDetector({ ...plan.acquisition, random: createRandom(seed, "detector") });
  const projector = createProjector({ size: painter.width, columns, angles });
  const wide = columns + 2 * extension;
  const reconstructor = createReconstructor({ size, columns: wide, angles });
  const shape = [size, size, size] as const;
  const scan = new Uint16Array(size ** 3);
  const labels = new Uint8Array(size ** 3);
  const sinogram = new Float32Array(angles * columns);
  const extended = extension > 0 ? new Float32Array(angles * wide) : sinogram;
  const exact = new Float32Array(painter.width ** 2);
  const slice = new Float32Array(size * size);
  for (let z = 0; z < size; z++) {
    const start = z * size * size;
    painter.paint(z, exact, labels.subarray(start, start + size * size));
    projector.project(exact, detector.shift, sinogram);
    detector.measure(sinogram);
    if (extension > 0) extendRows(sinogram, columns, extension, extended);
    reconstructor.reconstruct(extended, slice);
    for (let i = 0; i < slice.length; i++) {
      const grey = Math.round(SCAN_OFFSET + SCAN_GAIN * slice[i]!);
      scan[start + i] = Math.min(65535, Math.max(0, grey));
    }
    yield { fraction: (z + 1) / size };
  }
  const specimen = { shape, data: labels.map((label) => (label > 0 ? 1 : 0)) };
  const boxes = specimenBoxes(plan);
  const box = boxes.length > 0 ? boxes.reduce(hullBox) : undefined;
  const voxelUm = FIELD_OF_VIEW_UM / size;
  return {
    scan: { shape, data: scan },
    specimen,
    labels: { shape, data: labels },
    boxes,
    ...(box && { box }),
    touches: box ? touchedFaces(box, shape) : [],
    specimenVoxels: specimen.data.reduce((sum, voxel) => sum + voxel, 0),
    voxelSizeUm: [voxelUm, voxelUm, voxelUm],
    plan,
  };
}
