import { expect, it } from "vitest";
import { endpointUrl, parseEndpoint } from "../../../activities/stores/endpoint.ts";
import { InvalidInput } from "../../../domain/errors.ts";

it.each([
  ["http://127.0.0.1:9000", { endPoint: "127.0.0.1", port: 9000, useSSL: false }],
  ["https://s3.example.org/", { endPoint: "s3.example.org", port: 443, useSSL: true }],
  ["http://localhost", { endPoint: "localhost", port: 80, useSSL: false }],
  ["http://[::1]:9000", { endPoint: "::1", port: 9000, useSSL: false }],
])("takes %s apart and puts it together again", (url, expected) => {
  expect(parseEndpoint(url)).toEqual(expected);
  expect(parseEndpoint(endpointUrl(expected))).toEqual(expected);
});

it.each(["", "127.0.0.1:9000", "ftp://a", "http://a/bucket", "http://user:secret@a"])(
  "refuses %j, without repeating a secret",
  (url) => {
    expect(() => parseEndpoint(url)).toThrow(InvalidInput);
    expect(() => parseEndpoint(url)).not.toThrow(/secret/);
  },
);
