import { readFileSync, readdirSync, readlinkSync } from "node:fs";

const LISTEN = "0A";

/**
 * Whether process `pid` itself listens on a TCP port. An answer on the port says less: it may come
 * from another server that was there first. Where there is no `/proc` to ask: true.
 */
export function listensOn(pid: number, port: number): boolean {
  if (process.platform !== "linux") return true;
  const hex = port.toString(16).toUpperCase().padStart(4, "0");
  const listeners = ["tcp", "tcp6"]
    .flatMap((protocol) => read(`/proc/${pid}/net/${protocol}`).split("\n"))
    .map((line) => line.trim().split(/\s+/))
    .filter((fields) => fields[3] === LISTEN && fields[1]?.endsWith(`:${hex}`))
    .map((fields) => `socket:[${fields[9]}]`);
  if (listeners.length === 0) return false;
  const mine = new Set(listeners);
  return openFiles(pid).some((target) => mine.has(target));
}

function openFiles(pid: number): readonly string[] {
  try {
    const folder = `/proc/${pid}/fd`;
    return readdirSync(folder).map((fd) => link(`${folder}/${fd}`));
  } catch {
    return []; // it is gone
  }
}

function link(path: string): string {
  try {
    return readlinkSync(path);
  } catch {
    return "";
  }
}

function read(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch {
    return "";
  }
}
