import {
  chmodSync,
  existsSync,
  mkdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from "node:fs";
import { randomBytes } from "node:crypto";
import { join, resolve } from "node:path";
import type { WorkerRole } from "./workers.ts";

/** The files of a local stack, all under `<dir>/.microtome/`. */
export interface StackFiles {
  readonly folder: string;
  readonly state: string;
  readonly ports: string;
  readonly credentials: string;
  readonly lock: string;
  readonly temporalDb: string;
  readonly storeData: string;
  readonly logs: string;
}

/**
 * What runs, as `state.json` says it. An `identity` tells a process from a later one of its number;
 * pid 0 is a server that has yet to start.
 */
export interface StackState {
  readonly version: 1;
  readonly temporal: {
    readonly address: string;
    readonly uiUrl: string;
    readonly namespace: string;
    readonly pid: number;
    readonly identity: string;
  };
  readonly store: {
    readonly endpoint: string;
    readonly bucket: string;
    readonly credentialsFile: string;
    readonly pid: number;
    readonly identity: string;
  };
  readonly workers: readonly WorkerState[];
}

/** Where the state in hand is read, and where a change to it is written down at once. */
export interface StackRecord {
  readonly get: () => StackState;
  readonly save: (change: Partial<StackState>) => void;
}

export interface WorkerState {
  readonly role: WorkerRole;
  readonly log: string;
  /** The servers it was told of; it is started anew when they move. */
  readonly temporal: string;
  readonly store: string;
  readonly pid: number;
  readonly identity: string;
}

export interface Credentials {
  readonly accessKey: string;
  readonly secretKey: string;
}

/** The ports of the last run, so that addresses stay the same over `down` and `up`. */
export interface Ports {
  readonly temporal: number;
  readonly ui: number;
  readonly store: number;
}

export function stackFiles(dir: string): StackFiles {
  const folder = join(resolve(dir), ".microtome");
  return {
    folder,
    state: join(folder, "state.json"),
    ports: join(folder, "ports.json"),
    credentials: join(folder, "credentials.json"),
    lock: join(folder, "lock"),
    temporalDb: join(folder, "temporal.db"),
    storeData: join(folder, "minio"),
    logs: join(folder, "logs"),
  };
}

/** Make the stack's folder, for this user alone and out of git's sight. */
export function makeStackFolder({ folder, logs }: StackFiles): void {
  mkdirSync(logs, { recursive: true, mode: 0o700 });
  chmodSync(folder, 0o700);
  const ignore = join(folder, ".gitignore");
  if (!existsSync(ignore)) writeFileSync(ignore, "*\n");
}

/** Undefined if nothing was started here, or if the file is damaged (a full disk, an editor). */
export function readState({ state }: StackFiles): StackState | undefined {
  const value = readJson(state) as StackState | undefined;
  const whole = value?.version === 1 && value.temporal?.address && value.store?.endpoint;
  return whole && Array.isArray(value.workers) ? value : undefined;
}

export function writeState({ state }: StackFiles, value: StackState): void {
  writeJson(state, value);
}

export function removeState({ state }: StackFiles): void {
  rmSync(state, { force: true });
}

export function readPorts({ ports }: StackFiles): Partial<Ports> {
  return (readJson(ports) as Partial<Ports> | undefined) ?? {};
}

export function writePorts({ ports }: StackFiles, value: Ports): void {
  writeJson(ports, value);
}

/** The stack's own keys to its store: random, made once, readable by this user alone. */
export function ensureCredentials({ credentials }: StackFiles): Credentials {
  const known = readCredentials(credentials);
  if (known !== undefined) return known;
  const made = {
    accessKey: `microtome-${randomBytes(8).toString("hex")}`,
    secretKey: randomBytes(30).toString("base64url"),
  };
  writeJson(credentials, made);
  return made;
}

/** Undefined if the file is not there or holds no keys. */
export function readCredentials(file: string): Credentials | undefined {
  const value = readJson(file) as Partial<Credentials> | undefined;
  return typeof value?.accessKey === "string" && typeof value.secretKey === "string"
    ? { accessKey: value.accessKey, secretKey: value.secretKey }
    : undefined;
}

function readJson(file: string): unknown {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return undefined;
  }
}

function writeJson(file: string, value: object): void {
  const draft = `${file}.${process.pid}`;
  writeFileSync(draft, `${JSON.stringify(value, null, 2)}\n`, { mode: 0o600 });
  renameSync(draft, file);
}
