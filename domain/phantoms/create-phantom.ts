import { createRandom } from "../random.ts";
import { createDetector } from "./detector.ts";
import { maskBox } from "./mask-box.ts";
import { createPainter } from "./paint-slice.ts";
import {
  FIELD_OF_VIEW_UM,
  SCAN_GAIN,
  SCAN_OFFSET,
  type Phantom,
  type PhantomProgress,
} from "./phantom.ts";
import { planPhantom, type PhantomRequest } from "./plan-phantom.ts";
import { createProjector } from "./projector.ts";
import { createReconstructor } from "./reconstructor.ts";

/**
 * Simulate a scan, slice by slice: paint, project, count photons, reconstruct.
 *
 * Yields after every slice, returns the phantom. Equal requests give equal bytes. Throws
 * `InvalidInput` for a request that `planPhantom` refuses.
 */
export function* createPhantom(request: PhantomRequest): Generator<PhantomProgress, Phantom> {
  const plan = planPhantom(request);
  const { size, seed } = plan.request;
  const { angles, columns } = plan.acquisition;
  const painter = createPainter(plan);
  const detector = createDetector({ ...plan.acquisition, random: createRandom(seed, "detector") });
  const projector = createProjector({ size, columns, angles });
  const reconstructor = createReconstructor({ size, columns, angles });
  const shape = [size, size, size] as const;
  const scan = new Uint16Array(size ** 3);
  const labels = new Uint8Array(size ** 3);
  const sinogram = new Float32Array(angles * columns);
  const exact = new Float32Array(size * size);
  const slice = new Float32Array(size * size);
  for (let z = 0; z < size; z++) {
    const start = z * size * size;
    painter.paint(z, exact, labels.subarray(start, start + size * size));
    projector.project(exact, detector.shift, sinogram);
    detector.measure(sinogram);
    reconstructor.reconstruct(sinogram, slice);
    for (let i = 0; i < slice.length; i++) {
      const grey = Math.round(SCAN_OFFSET + SCAN_GAIN * slice[i]!);
      scan[start + i] = Math.min(65535, Math.max(0, grey));
    }
    yield { fraction: (z + 1) / size };
  }
  const specimen = { shape, data: labels.map((label) => (label > 0 ? 1 : 0)) };
  const { box, voxels } = maskBox(specimen);
  const voxelUm = FIELD_OF_VIEW_UM / size;
  return {
    scan: { shape, data: scan },
    specimen,
    labels: { shape, data: labels },
    box,
    specimenVoxels: voxels,
    voxelSizeUm: [voxelUm, voxelUm, voxelUm],
    plan,
  };
}
