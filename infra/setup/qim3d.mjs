import { basename } from "node:path";
import { buildPiece } from "./cache.mjs";
import { PIECES } from "./piece-names.mjs";
import { VERSIONS } from "./versions.mjs";
import { downloadWheel, dropWheel, extractWheel } from "./wheel.mjs";

const SCANS = /^qim3d\/examples\/(?:fly|shell)_[\dx]+\.tif$/;

/** Two real micro-CT scans, a fly and a shell, that the qim3d package carries as examples. */
export async function bringScans(context) {
  await buildPiece(context.root, PIECES.qim3d, async (draft) => {
    const wheel = await downloadWheel(context, "qim3d", VERSIONS.qim3d);
    await extractWheel(context, wheel, draft, (name) => SCANS.test(name), basename);
    dropWheel(context.root, "qim3d", VERSIONS.qim3d);
  });
  return `fly and shell of qim3d ${VERSIONS.qim3d}`;
}
