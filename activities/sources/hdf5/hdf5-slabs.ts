/** Planes that are read in one go, from `first` to before `end`. */
export interface Slab {
  readonly first: number;
  readonly end: number;
}

/** Small slabs are joined up to so many bytes. */
const JOINED = 32 * 1024 * 1024;
/** A slab is held twice for a moment, in the library and out of it. */
const LARGEST = 256 * 1024 * 1024;

/**
 * Cut a volume into slabs along the borders of its chunks, so that no chunk is decoded twice: whole
 * layers of chunks, as many as 32 MiB hold. A layer of more than 256 MiB is read in equal parts,
 * each of which decodes the layer again: time is given for memory.
 *
 * @param depth planes in a chunk; 1 without chunks
 */
export function planSlabs(planes: number, planeBytes: number, depth: number): readonly Slab[] {
  const layer = Math.min(depth, planes);
  const slabs: Slab[] = [];
  if (layer * planeBytes <= LARGEST) {
    const step = layer * Math.max(1, Math.floor(JOINED / (layer * planeBytes)));
    for (let z = 0; z < planes; z += step)
      slabs.push({ first: z, end: Math.min(planes, z + step) });
    return slabs;
  }
  const parts = Math.min(layer, Math.ceil((layer * planeBytes) / LARGEST));
  const step = Math.ceil(layer / parts);
  for (let z = 0; z < planes; z += layer) {
    const end = Math.min(planes, z + layer);
    for (let first = z; first < end; first += step) {
      slabs.push({ first, end: Math.min(end, first + step) });
    }
  }
  return slabs;
}
