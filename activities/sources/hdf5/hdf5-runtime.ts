import type * as h5wasm from "h5wasm/node";
import { createHdf5Sandbox, type Hdf5Sandbox } from "./hdf5-sandbox.ts";

export type Hdf5Module = Awaited<typeof h5wasm.ready>;

/** The library, loaded, and what confines it. */
export interface Hdf5Runtime {
  readonly h5wasm: typeof h5wasm;
  readonly module: Hdf5Module;
  readonly sandbox: Hdf5Sandbox;
  /** Whether the package that brings more filters is installed. */
  readonly plugins: boolean;
  /** Where filters that are not registered are searched for. */
  readonly searched: readonly string[];
}

/** Load the library into this thread, which is then good for nothing else (`createHdf5Sandbox`). */
export async function startHdf5(ticks: Int32Array): Promise<Hdf5Runtime> {
  const library = await import("h5wasm/node");
  const module = await library.ready;
  const pluginFolder = await installPlugins(module);
  const searched = [...module.get_plugin_search_paths()];
  const sandbox = createHdf5Sandbox(ticks, pluginFolder);
  return { h5wasm: library, module, sandbox, plugins: pluginFolder !== undefined, searched };
}

async function installPlugins(module: Hdf5Module): Promise<string | undefined> {
  // Not a dependency of its own: without it, files with such filters are refused by name.
  const name = "h5wasm-plugins";
  try {
    const plugins = (await import(name)) as { install_local_plugins(module: Hdf5Module): void };
    plugins.install_local_plugins(module);
    return module.get_plugin_search_paths()[0];
  } catch {
    return undefined;
  }
}
