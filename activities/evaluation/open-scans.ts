import { createView } from "../../domain/localization/create-view.ts";
import type { ContainerReport, ViewOptions } from "../../domain/localization/create-view.ts";
import type { Place } from "../../domain/localization/place.ts";
import type { View } from "../../domain/localization/view.ts";
import { pyramidShapes } from "../../domain/volumes/pyramid.ts";
import type { Box, Grid, Zyx } from "../../domain/volumes/shape.ts";
import { breathe } from "../engine/breathe.ts";
import type { JobContext } from "../engine/job.ts";
import { openSource } from "../sources/open-source.ts";
import { sha256 } from "../stage/content-key.ts";
import { workingLevel } from "../working-level.ts";
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
  /** Keep the grey values of that level, too. @default false */
  readonly levels?: boolean;
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

/** A scan in memory; its level and known box as it is on disk, not reversed. */
export interface OpenedScan extends ScanSummary {
  readonly view: View;
  readonly place: Place;
  /** Grey values of the working level, where they are kept. */
  readonly level?: Grid<Float32Array>;
  /** The known box at level 0. */
  readonly truth?: Box;
}

/** What is known of a scan without its voxels. */
export function summarizeScan(opened: OpenedScan): ScanSummary {
  const { view: _, place: _place, level: _level, truth: _truth, ...summary } = opened;
  return summary;
}

/** Read scans and make views of them, one after the other. Errors name the scan. */
export async function openScans(
  { scans, size, bin, container, levels = false }: OpenScansRequest,
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
    const place = { level: workingLevel(pyramidShapes(file.shape), size), shape0: file.shape };
    opened.push({
      scan,
      view,
      place,
      shape,
      reversed,
      direction,
      container: { kind: found.kind, reason: found.reason },
      ...(box === undefined ? {} : { specimen: reversed ? turnOver(box, shape) : box }),
      ...(levels ? { level } : {}),
      ...(truth === undefined ? {} : { truth: scaleBox(truth, file.shape) }),
      digest: sha256(new Uint8Array(data.buffer, data.byteOffset, data.byteLength)),
    });
  }
  return opened;
}

function turnOver([[lo, hi], y, x]: Box, [depth]: Zyx): Box {
  return [[depth - hi, depth - lo], y, x];
}
