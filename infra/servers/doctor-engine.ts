import { execFile } from "node:child_process";
import { existsSync } from "node:fs";
import { promisify } from "node:util";
import { piecePaths } from "../setup/paths.mjs";
import { addonVersion } from "../setup/tensorflow-addon.mjs";
import { VERSIONS } from "../setup/versions.mjs";
import type { Check } from "./doctor.ts";

const run = promisify(execFile);

/** Whether TensorFlow loads, in a process of its own: a broken library ends the one that loads it. */
export async function checkEngine(env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const name = "TensorFlow";
  const { tensorflowAddon: addon, tensorflowBuild } = piecePaths(env);
  const fix = "Run `npm run setup`";
  if (addon === undefined) return [{ name, ok: false, detail: "no addon to load", fix }];
  try {
    const version = await addonVersion(addon, env);
    const ok = version === VERSIONS.tensorflow;
    const detail = `${version} loads (${tensorflowBuild === "gpu" ? "CUDA" : "CPU"} build)`;
    return [
      {
        name,
        ok: ok || "warn",
        detail,
        ...(!ok && { fix: `Expected ${VERSIONS.tensorflow}. ${fix}` }),
      },
    ];
  } catch (error) {
    const output = (error as { output?: readonly string[] }).output ?? [];
    const reason =
      output.find((line) => line.startsWith("Error:")) ?? output.at(-1) ?? String(error);
    return [
      {
        name,
        ok: false,
        detail: `the addon does not load: ${reason}`,
        fix: `Remove ${addon} and run \`npm run setup\``,
      },
    ];
  }
}

/** Whether there is a GPU, and whether the build of TensorFlow at hand can use it. */
export async function checkGpu(env: NodeJS.ProcessEnv): Promise<readonly Check[]> {
  const name = "GPU";
  const wantsGpu = piecePaths(env).tensorflowBuild === "gpu";
  const gpus = await listGpus(env);
  if (gpus === undefined) {
    if (!wantsGpu) return [{ name, ok: true, detail: "none found; the CPU computes" }];
    return [
      {
        name,
        ok: false,
        detail:
          "the CUDA build of TensorFlow is chosen, and it cannot run here: no NVIDIA GPU found",
        fix: "Set MICROTOME_GPU=0 to use the CPU build, or install the NVIDIA driver",
      },
    ];
  }
  if (wantsGpu) return [{ name, ok: true, detail: gpus }];
  return [
    {
      name,
      ok: "warn",
      detail: `${gpus}; unused, the CPU computes`,
      fix: "Run `npm run setup -- --gpu`",
    },
  ];
}

/** What `nvidia-smi` says is there, or that a device file is. */
async function listGpus(env: NodeJS.ProcessEnv): Promise<string | undefined> {
  try {
    const { stdout } = await run(
      "nvidia-smi",
      ["--query-gpu=name,memory.total", "--format=csv,noheader"],
      {
        env,
        timeout: 10_000,
      },
    );
    const names = stdout.trim().split("\n").filter(Boolean);
    if (names.length > 0) return names.join("; ");
  } catch {
    // not there, or it finds none
  }
  return existsSync("/dev/nvidia0") ? "/dev/nvidia0" : undefined;
}
