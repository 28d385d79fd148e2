import { createView } from "../../domain/localization/create-view.ts";
import type { ContainerReport, ViewOptions } from "../../domain/localization/create-view.ts";
import type { View } from "../../domain/localization/view.ts";
import type { Box, Zyx } from "../../domain/volumes/shape.ts";
import { breathe } from "../engine/breathe.ts";
import type { JobContext } from "../engine/job.ts";
import { openSource } from "../sources/open-source.ts";
import { sha256 } from "../stage/content-key.ts";
import type { FoundScan } from "./find-scans.ts";
import { readSourceLevel } from "./read-level.ts";
import { scaleBox } from "./read-truth-file.ts";
import type { KnownBox } from "./read-truth-file.ts";
import { reverseView } from "./reverse-z.ts";

/** A scan to evaluate on, as it is asked for. */
export interface ScanRequest extends FoundScan {
  /** Take its slices in reverse order. */
  readonly reversed: boolean;
  /** Which way it is said to point: all of 1 the same way, all of -1 the other. For scoring only. */
  readonly direction: 1 | -1;
  /** For scoring only. */
  readonly truth?: KnownBox;
}

/** Scans, and what training sees of them. */
export interface OpenScansRequest extends Required<Pick<ViewOptions, "bin" | "container">> {
  readonly scans: readonly ScanRequest[];
  /** Voxels along the longest axis at the level that views are made of; the nearest level is taken. */
  readonly size: number;
}

/** What is known of a scan once it was read. Plain JSON. */
export interface ScanSummary {
  readonly scan: string;
  /** Of the view. */
  readonly shape: Zyx;
  readonly reversed: boolean;
  readonly direction: 1 | -1;
  readonly container: Pick<ContainerReport, "kind" | "reason">;
  /** Where the specimen is, in voxels of the view as it is used, reversed or not. */
  readonly specimen?: Box;
  /** sha256 of the view. */
  readonly digest: string;
}

export interface OpenedScan extends ScanSummary {
  readonly view: View;
}

/** Read scans and make views of them, one after the other. Errors name the scan. */
export async function openScans(
  { scans, size, bin, container }: OpenScansRequest,
  { signal, progress }: JobContext,
): Promise<OpenedScan[]> {
  const opened: OpenedScan[] = [];
  for (const [i, request] of scans.entries()) {
    const { scan, source, reversed, direction, truth } = request;
    const report = (done: number, note: string) =>
      progress({ fraction: (i + done) / scans.length, note: `${scan}: ${note}` });
    report(0, "reading");
    const file = await openSource({ scan, source }, process.cwd());
    const level = await readSourceLevel(file, size, signal);
    const steps = createView(level, { bin, container });
    let step = steps.next();
    while (step.done !== true) {
      report(step.value.fraction, step.value.note);
      await breathe();
      signal.throwIfAborted();
      step = steps.next();
    }
    const { container: found } = step.value;
    const view = reversed ? reverseView(step.value.view) : step.value.view;
    const { shape, data } = view.values;
    const box = truth === undefined ? undefined : scaleBox(truth, shape);
    opened.push({
      scan,
      view,
      shape,
      reversed,
      direction,
      container: { kind: found.kind, reason: found.reason },
      ...(box === undefined ? {} : { specimen: reversed ? turnOver(box, shape) : box }),
      digest: sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    });
  }
  return opened;
}

function turnOver([[lo, hi], y, x]: Box, [depth]: Zyx): Box {
  return [[depth - hi, depth - lo], y, x];
}
