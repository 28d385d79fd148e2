import { createServer } from "node:net";
import { setTimeout as sleep } from "node:timers/promises";

const POLL_MS = 50;

/**
 * The preferred port if nobody listens on it, else one that the system picks; on loopback. A server
 * that was killed lets go of its port a moment later: `patienceMs` is how long to wait for that.
 */
export async function freePort(preferred = 0, patienceMs = 0): Promise<number> {
  const deadline = Date.now() + patienceMs;
  while (preferred > 0) {
    const port = await probe(preferred);
    if (port !== undefined) return port;
    if (Date.now() >= deadline) break;
    await sleep(POLL_MS);
  }
  const port = await probe(0);
  if (port === undefined) throw new Error("The system has no free port on 127.0.0.1");
  return port;
}

/** The port that could be bound; undefined when it is taken or not for us. */
function probe(port: number): Promise<number | undefined> {
  return new Promise((resolve) => {
    const server = createServer();
    server.once("error", () => resolve(undefined));
    server.listen({ port, host: "127.0.0.1", exclusive: true }, () => {
      const address = server.address();
      const bound = typeof address === "object" && address !== null ? address.port : undefined;
      server.close(() => resolve(bound));
    });
  });
}
