/** How much of a voxel lies inside a surface, 0 to 1, from the depth of its centre below it in voxels. */
export function coverage(depth: number): number {
  return depth <= -0.5 ? 0 : depth >= 0.5 ? 1 : depth + 0.5;
}
