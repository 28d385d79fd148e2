import http from "node:http";
import https from "node:https";
import { Client } from "minio";
import type { Endpoint } from "./endpoint.ts";

export interface MinioOptions extends Endpoint {
  readonly accessKey: string;
  readonly secretKey: string;
  readonly bucket: string;
  readonly region?: string;
  /** A socket that is silent for so long is given up; default 30 s. */
  readonly idleTimeoutMs?: number;
  /** How long a request is repeated while the server cannot be reached; default 15 s. */
  readonly giveUpAfterMs?: number;
}

/** A single PUT carries up to this much: multipart uploads know no `If-None-Match`. */
export const PART_BYTES = 1024 ** 3;

/** A minio-js client that keeps its connections, limits their number, and never waits forever. */
export function createMinioClient(options: MinioOptions): Client {
  const { endPoint, port, useSSL, accessKey, secretKey } = options;
  const protocol = useSSL ? https : http;
  const timeout = options.idleTimeoutMs ?? 30_000;
  return new Client({
    endPoint,
    port,
    useSSL,
    accessKey,
    secretKey,
    // Named, so that minio-js does not ask for the bucket's location first.
    region: options.region ?? "us-east-1",
    pathStyle: true,
    partSize: PART_BYTES,
    retryOptions: { disableRetry: true },
    transportAgent: new protocol.Agent({ keepAlive: true, maxSockets: 16 }),
    transport: {
      request(...args: unknown[]) {
        const request = (protocol.request as (...args: unknown[]) => http.ClientRequest)(...args);
        request.setTimeout(timeout, () => {
          request.destroy(new Error(`no answer for ${timeout / 1000} s`));
        });
        return request;
      },
    },
  });
}
