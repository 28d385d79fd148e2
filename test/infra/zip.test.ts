import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, statSync, truncateSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { extractWheel } from "../../infra/setup/wheel.mjs";
import { extractMember, memberPath, readZip } from "../../infra/setup/zip.mjs";

/** Python's zipfile writes the wheel and says what is in it; we must agree. */
const MAKE_WHEEL = `
import base64, hashlib, json, os, random, sys, zipfile
path = sys.argv[1]
rng = random.Random(3)
files = {
    "demo/deflated.txt": (b"a line that repeats\\n" * 20000, zipfile.ZIP_DEFLATED, 0o644),
    "demo/noise.bin": (rng.randbytes(300001), zipfile.ZIP_DEFLATED, 0o644),
    "demo/stored.bin": (rng.randbytes(70000), zipfile.ZIP_STORED, 0o644),
    "demo/empty": (b"", zipfile.ZIP_STORED, 0o644),
    "demo/\\u00fcml\\u00e4ut, with comma.txt": ("\\u00fc".encode(), zipfile.ZIP_DEFLATED, 0o644),
    "demo-1.0.data/scripts/tool": (b"#!/bin/sh\\necho tool\\n", zipfile.ZIP_DEFLATED, 0o755),
}
digest = lambda data: base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
quote = lambda name: '"%s"' % name if "," in name else name
record = "".join(f"{quote(n)},sha256={digest(d)},{len(d)}\\n" for n, (d, _, _) in files.items())
record += "demo-1.0.dist-info/RECORD,,\\n"
files["demo-1.0.dist-info/RECORD"] = (record.encode(), zipfile.ZIP_DEFLATED, 0o644)
with zipfile.ZipFile(path, "w") as z:
    for name, (data, method, mode) in files.items():
        info = zipfile.ZipInfo(name)
        info.compress_type = method
        info.external_attr = (0o100000 | mode) << 16
        with z.open(info, "w", force_zip64=name.endswith("stored.bin")) as member:
            member.write(data)
    z.comment = b"a comment, PK\\x05\\x06 included is not"[:9]
with zipfile.ZipFile(path) as z:
    print(json.dumps([[i.filename, i.file_size, i.compress_size, digest(z.read(i))] for i in z.infolist()]))
`;

/** A zip whose central directory uses zip64 throughout, which zipfile writes only past 4 GB. */
const MAKE_ZIP64 = `
import sys, zipfile
zipfile.ZIP64_LIMIT = 10
zipfile.ZIP_FILECOUNT_LIMIT = 1
with zipfile.ZipFile(sys.argv[1], "w", zipfile.ZIP_DEFLATED) as z:
    for k in range(3):
        z.writestr(f"file{k}", bytes([k]) * (1000 + k))
`;

const folder = mkdtempSync(join(tmpdir(), "microtome-zip-"));
const wheel = join(folder, "demo-1.0-py3-none-any.whl");
let truth: [name: string, size: number, packed: number, digest: string][];

const python = (script: string, ...args: string[]) =>
  execFileSync("python3", ["-c", script, ...args], { encoding: "utf8" });

beforeAll(() => {
  truth = JSON.parse(python(MAKE_WHEEL, wheel)) as typeof truth;
});
afterAll(() => rmSync(folder, { recursive: true }));

describe("reading zip files", () => {
  test("finds the members that Python's zipfile finds, with their sizes", async () => {
    const members = await readZip(wheel);
    expect(members.map(({ name, size, packed }) => [name, size, packed])).toEqual(
      truth.map(([name, size, packed]) => [name, size, packed]),
    );
  });

  test("unpacks every member to the bytes that Python's zipfile reads", async () => {
    const digests = [];
    for (const member of await readZip(wheel)) {
      const target = join(folder, "out", member.name);
      digests.push([member.name, await extractMember(wheel, member, target)]);
      expect(statSync(target).size).toBe(member.size);
    }
    expect(digests).toEqual(truth.map(([name, , , digest]) => [name, digest]));
  });

  test("keeps the executable bit", async () => {
    const tool = (await readZip(wheel)).find(({ name }) => name.endsWith("/tool"))!;
    const target = join(folder, "tool");
    await extractMember(wheel, tool, target);
    expect(execFileSync(target, { encoding: "utf8" })).toBe("tool\n");
  });

  test("reads zip64 directories", async () => {
    const path = join(folder, "zip64.zip");
    python(MAKE_ZIP64, path);
    const members = await readZip(path);
    expect(members.map(({ name, size }) => [name, size])).toEqual([
      ["file0", 1000],
      ["file1", 1001],
      ["file2", 1002],
    ]);
    const target = join(folder, "file2");
    await extractMember(path, members[2]!, target);
    expect(readFileSync(target)).toEqual(Buffer.alloc(1002, 2));
  });

  test("refuses a truncated download", async () => {
    const path = join(folder, "cut.whl");
    writeFileSync(path, readFileSync(wheel));
    truncateSync(path, 200_000);
    await expect(readZip(path)).rejects.toThrow(/not a whole zip file/);
  });

  test.each(["../evil", "/etc/evil", "a/../../evil", "a\\..\\evil", "C:/evil"])(
    "refuses to unpack %s outside its folder",
    (name) => {
      expect(() => memberPath(folder, name)).toThrow(/outside itself/);
    },
  );
});

describe("unpacking wheels", () => {
  test("unpacks what is wanted and checks it against RECORD", async () => {
    const out = join(folder, "wheel");
    const count = await extractWheel({}, wheel, out, (name) => name.startsWith("demo/"));
    expect(count).toBe(5);
    expect(readFileSync(join(out, "demo/deflated.txt"), "utf8")).toHaveLength(400_000);
  });

  test("refuses a wheel with one byte changed, and removes it so that the next run fetches it", async () => {
    const path = join(folder, "changed.whl");
    const bytes = readFileSync(wheel);
    const stored = (await readZip(wheel)).find(({ name }) => name === "demo/stored.bin")!;
    bytes[stored.offset + 5000]! ^= 1;
    writeFileSync(path, bytes);
    const out = join(folder, "changed");
    await expect(extractWheel({}, path, out, (name) => name === stored.name)).rejects.toThrow(
      /differs from its wheel's RECORD/,
    );
    expect(() => statSync(path)).toThrow(/ENOENT/);
  });
});
