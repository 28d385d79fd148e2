/** Add noise of standard deviation `sd` to each pixel, from as many normal numbers. In place. */
export function addNoise(image: Float32Array, sd: number, normals: Float32Array): void {
  for (let i = 0; i < image.length; i++) image[i]! += sd * normals[i]!;
}
