// The thread that runs the HDF5 library: see hdf5-thread.ts.
import { statSync } from "node:fs";
import { parentPort, workerData } from "node:worker_threads";
import { isDomainError } from "../../../domain/errors.ts";
import { chooseVolume } from "./hdf5-choose.ts";
import { describeVolume } from "./hdf5-describe.ts";
import { createHdf5Library, type Hdf5Library } from "./hdf5-library.ts";
import { createHdf5Tree, type Hdf5Tree } from "./hdf5-links.ts";
import { readSlab } from "./hdf5-read.ts";
import { startHdf5 } from "./hdf5-runtime.ts";
import type { Hdf5Reply, Hdf5Request, Hdf5ThreadData } from "./hdf5-thread.ts";
import type { Hdf5Volume } from "./hdf5-volume.ts";

const port = parentPort!;
const runtime = await startHdf5((workerData as Hdf5ThreadData).ticks);
let library: Hdf5Library;
let tree: Hdf5Tree | undefined;
let volume: Hdf5Volume;

port.on("message", (request: Hdf5Request) => {
  try {
    const [result, memory] = answer(request);
    reply({ result }, memory);
  } catch (error) {
    const { name, message } = error as Error;
    reply({ error: { name: isDomainError(error) ? name : "Error", message } });
  }
});
reply({ result: "ready" });

function answer(request: Hdf5Request): readonly [unknown, ArrayBuffer[]] {
  switch (request.kind) {
    case "describe": {
      const { path, dataset, subject } = request;
      library = createHdf5Library(runtime, subject);
      tree = createHdf5Tree(library, path, subject);
      volume = chooseVolume(library, tree, dataset, subject);
      return [describeVolume(library, tree, volume, subject, (file) => statSync(file).size), []];
    }
    case "read": {
      const planes = readSlab(library, volume, request.slab);
      return [planes, planes.map(({ buffer }) => buffer)];
    }
    case "release":
      tree?.close();
      tree = undefined;
      runtime.sandbox.forbidAll();
      return [runtime.module.HEAPU8.length, []];
  }
}

function reply(message: Hdf5Reply, memory: ArrayBuffer[] = []): void {
  port.postMessage(message, memory);
}
