import { InvalidInput } from "../../domain/errors.ts";

/** Where an S3 server listens. */
export interface Endpoint {
  readonly endPoint: string;
  readonly port: number;
  readonly useSSL: boolean;
}

/** Take `http://127.0.0.1:9000` apart; the port defaults to the scheme's. */
export function parseEndpoint(url: string): Endpoint {
  const parsed = URL.canParse(url) ? new URL(url) : undefined;
  const scheme = parsed?.protocol;
  if (parsed === undefined || (scheme !== "http:" && scheme !== "https:")) {
    throw new InvalidInput(
      `Expected a store endpoint like http://127.0.0.1:9000, got ${JSON.stringify(url)}`,
    );
  }
  if (parsed.pathname !== "/" || parsed.username !== "" || parsed.search !== "") {
    throw new InvalidInput(
      `A store endpoint has only a host and a port, got ${parsed.origin}${parsed.pathname}`,
    );
  }
  const useSSL = scheme === "https:";
  const port = parsed.port === "" ? (useSSL ? 443 : 80) : Number(parsed.port);
  return { endPoint: parsed.hostname.replace(/^\[(.*)\]$/, "$1"), port, useSSL };
}

/** The endpoint as a person writes it. */
export function endpointUrl({ endPoint, port, useSSL }: Endpoint): string {
  const host = endPoint.includes(":") ? `[${endPoint}]` : endPoint;
  return `${useSSL ? "https" : "http"}://${host}:${port}`;
}
