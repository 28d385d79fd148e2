import { formatBytes, formatCount, formatPercent } from "./format.ts";
import { type Html, html } from "./html.ts";
import { type BeforeAfter, savedShare, type Storage, STORAGE_WAYS } from "./storage.ts";

const WAYS = {
  voxels: { name: "voxels", format: formatCount },
  bytes: { name: "bytes, full resolution", format: formatBytes },
  allBytes: { name: "bytes, all levels", format: formatBytes },
  objects: { name: "objects", format: formatCount },
} as const satisfies Record<keyof Storage, object>;

/** What cropping saves over the batch, three ways, as a table with a bar for what is left. */
export function renderStorage(storage: Storage): Html {
  const ways = STORAGE_WAYS.flatMap((way) => {
    const found = storage[way];
    return found === undefined ? [] : [[WAYS[way], found] as const];
  });
  return html`<h2>Storage</h2>
    <p class="muted">
      The whole volumes of the cropped scans, and their crops. Both are stored with the same
      lossless codec. The whole volumes stay in the store besides, unless the batch’s retention
      moved them aside.
    </p>
    <div class="scroll">
      <table class="tight">
        <thead>
          <tr>
            <th>measured in</th>
            <th class="n">whole</th>
            <th class="n">crops</th>
            <th class="n">saved</th>
            <th>left</th>
          </tr>
        </thead>
        <tbody>
          ${ways.map(
            ([{ name, format }, found]) =>
              html`<tr>
                <td>${name}</td>
                <td class="n">${format(found.before)}</td>
                <td class="n">${format(found.after)}</td>
                <td class="n">${formatPercent(savedShare(found))}</td>
                <td>${leftBar(name, found)}</td>
              </tr>`,
          )}
        </tbody>
      </table>
    </div>`;
}

/** One scan's storage in one line. */
export function storageLine({ voxels, bytes, objects }: Storage): string {
  return [
    voxels && `${formatPercent(savedShare(voxels))} of the voxels`,
    bytes &&
      `${formatPercent(savedShare(bytes))} of the bytes (${formatBytes(bytes.before)} whole, ${formatBytes(bytes.after)} cropped)`,
    objects &&
      `${formatPercent(savedShare(objects))} of the objects (${formatCount(objects.before)}, ${formatCount(objects.after)})`,
  ]
    .filter((part) => part !== undefined)
    .join(" · ");
}

function leftBar(name: string, { before, after }: BeforeAfter): Html {
  const left = before === 0 ? 0 : Math.min(1, after / before);
  const width = Math.round(left * 1200) / 10;
  return html`<svg
    class="left"
    viewBox="0 0 120 10"
    role="img"
    aria-label="${name}: ${formatPercent(left)} left"
  >
    <rect class="whole" width="120" height="10" rx="2" />
    <rect class="part" width="${width}" height="10" rx="2" />
  </svg>`;
}
