/** The port that a URL names. */
export function portOf(url: string): number {
  return Number(new URL(url).port);
}
