import { AXES, AXIS_NAMES, type Axis } from "../../domain/volumes/shape.ts";
import { type Html, html } from "./html.ts";
import type { ReportScan } from "./report-model.ts";

/** The slices that show what of a container was masked, and what it was taken for. */
export function renderMasked(scan: ReportScan): Html | undefined {
  const { masked, container, shape, voxelSizeUm: size = [1, 1, 1] } = scan;
  if (masked === undefined || shape === undefined) return undefined;
  return html`<h4>What was masked</h4>
    <p class="muted">
      Orange is not looked at: ${container ?? "a container"}. Slices through the middle.
    </p>
    <div class="views">
      ${masked.map(({ axis, uri }) => {
        const [rows, columns] = AXES.filter((other) => other !== axis) as [Axis, Axis];
        const [height, width] = [shape[rows] * size[rows], shape[columns] * size[columns]];
        const label = `${scan.scan}, slice across ${AXIS_NAMES[axis]}, what was masked in orange`;
        return html`<figure>
          <svg class="view" viewBox="0 0 ${width} ${height}" role="img" aria-label="${label}">
            <image href="${uri}" width="${width}" height="${height}" preserveAspectRatio="none" />
          </svg>
          <figcaption>
            across ${AXIS_NAMES[axis]}: ${AXIS_NAMES[rows]} down, ${AXIS_NAMES[columns]} right
          </figcaption>
        </figure>`;
      })}
    </div>`;
}
