import { describe, expect, it } from "vitest";
import { InvalidInput } from "../../../domain/errors.ts";
import { completeRequest, type PhantomRequest } from "../../../domain/phantoms/phantom-request.ts";

describe("completeRequest", () => {
  it("fills in a fish in a tube, nothing out of the ordinary", () => {
    expect(completeRequest({ preset: "demo", size: 64, seed: 1 })).toEqual({
      preset: "demo",
      size: 64,
      seed: 1,
      specimen: "fish",
      container: "tube",
      case: "none",
    });
  });

  it.each<[Record<string, unknown>, RegExp]>([
    [{ preset: "toString" }, /preset must be one of easy, .* got "toString"/],
    [{ size: 8 }, /size .* from 16 to 512, got 8/],
    [{ size: 64.5 }, /got 64.5/],
    [{ seed: -1 }, /seed .* got -1/],
    [{ seed: NaN }, /seed .* got NaN/],
    [{ specimen: "cat" }, /specimen must be one of fish, embryo, plant, got "cat"/],
    [{ container: "box" }, /container must be one of tube, .* got "box"/],
    [{ case: "lost" }, /case must be one of none, .* got "lost"/],
    [
      { case: "touching-wall", container: "none" },
      /needs a wall in view: expected container tube,/,
    ],
    [{ case: "touching-wall", container: "no-air" }, /got no-air/],
    [{ case: "full", container: "bed" }, /needs a container with a surface: .* got bed/],
  ])("refuses %o", (wrong, message) => {
    const request = { preset: "demo", size: 64, seed: 1, ...wrong } as unknown as PhantomRequest;
    expect(() => completeRequest(request)).toThrow(InvalidInput);
    expect(() => completeRequest(request)).toThrow(message);
  });
});
