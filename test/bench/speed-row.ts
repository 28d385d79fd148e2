import type { Median } from "./alternate.ts";
import type { Row } from "./measure.ts";

/** A row of two speeds over the same bytes, in MB/s (1e6 bytes). */
export function speedRow(
  work: string,
  against: string,
  bytes: number,
  { ours, peer }: { readonly ours: Median; readonly peer: Median },
  goal: number | null,
): Row {
  return {
    work,
    ours: bytes / ours.seconds / 1e6,
    peer: bytes / peer.seconds / 1e6,
    unit: "MB/s",
    ratio: peer.seconds / ours.seconds,
    goal,
    against,
    oursPeakMb: ours.peakBytes / 1e6,
    peerPeakMb: peer.peakBytes / 1e6,
  };
}
