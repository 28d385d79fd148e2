import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { expect, it } from "vitest";
import type { LogPoint } from "../../../activities/training/log-point.ts";
import { encodeEvents } from "../../../activities/training/tensorboard-log.ts";
import { encodeTfRecords, maskedCrc } from "../../../activities/training/tf-record.ts";
import { runPython } from "../../support/run-python.ts";
import { temporaryFolder } from "../../support/temporary.ts";

const READ = `
import json, sys
from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
a = EventAccumulator(sys.argv[1], size_guidance={"scalars": 0}).Reload()
print(json.dumps({t: [[e.wall_time, e.step, e.value] for e in a.Scalars(t)] for t in a.Tags()["scalars"]}))`;

type Scalars = Record<string, [number, number, number][]>;

async function read(files: Readonly<Record<string, readonly LogPoint[]>>): Promise<Scalars> {
  const folder = await temporaryFolder();
  for (const [name, points] of Object.entries(files)) {
    await writeFile(join(folder, `events.out.tfevents.${name}`), encodeEvents(points));
  }
  return JSON.parse(await runPython(READ, folder)) as Scalars;
}

const point = (step: number, loss: number): LogPoint => ({
  step,
  time: 1_764_000_000_000 + 500 * step,
  values: { loss, "validation/displacement": 4 - loss },
});

it("is what TensorBoard reads: times, steps and values", async () => {
  const scalars = await read({ "1": [point(1, 0.5), point(2, 0.25), point(40_000_000_000, 1e-9)] });
  expect(scalars).toEqual({
    loss: [
      [1_764_000_000.5, 1, 0.5],
      [1_764_000_001, 2, 0.25],
      [1_764_000_000 + 2e10, 40_000_000_000, Math.fround(1e-9)],
    ],
    "validation/displacement": [
      [1_764_000_000.5, 1, 3.5],
      [1_764_000_001, 2, 3.75],
      [1_764_000_000 + 2e10, 40_000_000_000, 4],
    ],
  });
});

it("goes on in another file, which overrules what was said of its steps and later ones", async () => {
  const { loss } = await read({
    "000000001": [1, 2, 3, 4, 5, 6].map((step) => point(step, step)),
    "000000004": [point(4, 40), point(5, 50)],
  });
  expect(loss!.map(([, step, value]) => [step, value])).toEqual([
    [1, 1],
    [2, 2],
    [3, 3],
    [4, 40],
    [5, 50],
  ]);
});

it("is a valid file without any points", async () => {
  expect(await read({ "1": [] })).toEqual({});
});

it("frames records with checksums of the published kind", () => {
  // RFC 3720, B.4: 32 bytes of zeros, of ones, ascending: aa36918a, 43aba862, 4e79dd46 (as words).
  const unmask = (masked: number) => {
    const turned = (masked - 0xa282ead8) >>> 0;
    return ((turned >>> 17) | (turned << 15)) >>> 0;
  };
  const crc = (byte: (i: number) => number) =>
    unmask(maskedCrc(Uint8Array.from({ length: 32 }, (_, i) => byte(i))));
  expect(crc(() => 0)).toBe(0x8a9136aa);
  expect(crc(() => 0xff)).toBe(0x62a8ab43);
  expect(crc((i) => i)).toBe(0x46dd794e);

  const bytes = encodeTfRecords([Uint8Array.of(7, 8, 9), new Uint8Array(0)]);
  expect(bytes.length).toBe(12 + 3 + 4 + 12 + 0 + 4);
  expect([...bytes.subarray(0, 8)]).toEqual([3, 0, 0, 0, 0, 0, 0, 0]);
  expect([...bytes.subarray(12, 15)]).toEqual([7, 8, 9]);
});
