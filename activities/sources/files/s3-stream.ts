import type { Client } from "minio";
import { StoreUnavailable } from "../../../domain/errors.ts";
import type { StreamFrom } from "./files-access.ts";
import { type Repeat, requestBytes, type S3Object } from "./s3-requests.ts";

/**
 * The bytes of an object from `start` on. A connection that is lost, also because the reader took
 * its time, is opened again where it ended.
 */
export async function* streamObject(
  client: Client,
  repeat: Repeat,
  url: string,
  subject: string,
  seen: S3Object,
  { start = 0, signal }: StreamFrom,
): AsyncGenerator<Uint8Array, void, undefined> {
  for (let at = start; at < seen.size;) {
    signal?.throwIfAborted();
    // Waits for the first bytes too, so that a server that only ever answers is given up.
    const { body, parts, first } = await repeat(url, subject, async () => {
      const { body } = await requestBytes(client, url, subject, { offset: at, seen });
      const parts = body[Symbol.asyncIterator]() as AsyncIterator<Uint8Array>;
      const first = await parts.next();
      if (first.done !== true) return { body, parts, first: first.value };
      throw new StoreUnavailable(`${subject}: ${url} ended at byte ${at} of ${seen.size}`);
    });
    const stop = () => body.destroy();
    signal?.addEventListener("abort", stop, { once: true });
    try {
      for (let part: Uint8Array | undefined = first; part !== undefined;) {
        at += part.length;
        yield part;
        // A lost connection: the outer loop opens another.
        const next: IteratorResult<Uint8Array> | undefined = await parts
          .next()
          .catch(() => undefined);
        signal?.throwIfAborted();
        part = next?.done === false ? next.value : undefined;
      }
    } finally {
      signal?.removeEventListener("abort", stop);
      body.destroy();
    }
  }
}
