// How hdf5-worker.ts starts in a checkout; a build starts hdf5-worker.js itself.
// The library comes before the TypeScript loader, which takes seconds over its 4 MB.
import "h5wasm/node";
import { register } from "tsx/esm/api";

register();
await import("./hdf5-worker.ts");
