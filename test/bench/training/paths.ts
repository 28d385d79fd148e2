/** The mains of the works; see `run-work.ts`. */
export const OURS = new URL("work.ts", import.meta.url);
export const PEERS = new URL("peers.py", import.meta.url);
