import { createHash } from "node:crypto";
import { createWriteStream } from "node:fs";
import { chmod, mkdir, open } from "node:fs/promises";
import { dirname, join } from "node:path";
import { Transform } from "node:stream";
import { pipeline } from "node:stream/promises";
import { createInflateRaw } from "node:zlib";
import { SetupFailure } from "./failure.mjs";

const END = 0x06054b50;
const END64_LOCATOR = 0x07064b50;
const END64 = 0x06064b50;
const CENTRAL = 0x02014b50;
const LOCAL = 0x04034b50;
const STORED = 0;
const DEFLATED = 8;
const LARGEST_COMMENT = 0xffff;

/**
 * The members of a zip file, from its central directory: `{ name, size, packed, method, offset,
 * executable }`. Zip64 is read; encrypted and multi-disk files are not. Throws `SetupFailure` for
 * a truncated file.
 */
export async function readZip(path) {
  const file = await open(path);
  try {
    const { count, size, offset } = await findDirectory(file, path);
    const directory = await readAt(file, offset, size, path);
    const members = [];
    for (let at = 0; members.length < count;) {
      if (directory.length < at + 46 || directory.readUInt32LE(at) !== CENTRAL)
        throw truncated(path);
      const member = readMember(directory, at);
      members.push(member);
      at += member.headerSize;
    }
    return members;
  } finally {
    await file.close();
  }
}

/**
 * Unpack one member to `target`, streaming. Returns its sha256 as base64url without padding, the
 * way a wheel's RECORD spells it. Throws `SetupFailure` if the size is not the promised one.
 */
export async function extractMember(path, member, target, { onBytes, signal } = {}) {
  await mkdir(dirname(target), { recursive: true });
  const file = await open(path);
  try {
    const start = await dataOffset(file, member, path);
    const hash = createHash("sha256");
    let written = 0;
    const tap = new Transform({
      transform(chunk, _, done) {
        hash.update(chunk);
        written += chunk.length;
        onBytes?.(chunk.length);
        done(null, chunk);
      },
    });
    if (member.packed === 0)
      await pipeline([Buffer.alloc(0)], createWriteStream(target), { signal });
    else {
      const packed = file.createReadStream({
        start,
        end: start + member.packed - 1,
        autoClose: false,
        highWaterMark: 1 << 18,
      });
      await pipeline(packed, ...inflate(member, path), tap, createWriteStream(target), { signal });
    }
    if (written !== member.size) throw truncated(path);
    if (member.executable) await chmod(target, 0o755);
    return hash.digest("base64url");
  } catch (error) {
    if (error?.code?.startsWith?.("Z_")) throw truncated(path);
    throw error;
  } finally {
    await file.close();
  }
}

/** Where a member goes under `folder`. Refuses names that would leave it. */
export function memberPath(folder, name) {
  const parts = name.split("/");
  if (
    name.startsWith("/") ||
    name.includes("\\") ||
    parts.includes("..") ||
    /^[A-Za-z]:/.test(name)
  ) {
    throw new SetupFailure(`The archive names a file outside itself: ${JSON.stringify(name)}`);
  }
  return join(folder, ...parts);
}

function inflate({ method, name }, path) {
  if (method === STORED) return [];
  if (method === DEFLATED) return [createInflateRaw({ chunkSize: 1 << 18 })];
  throw new SetupFailure(`${path}: ${name} is packed by method ${method}, expected 0 or 8`);
}

function readMember(directory, at) {
  const [nameLength, extraLength, commentLength] = [28, 30, 32].map((o) =>
    directory.readUInt16LE(at + o),
  );
  const nameEnd = at + 46 + nameLength;
  const wide = zip64Fields(directory.subarray(nameEnd, nameEnd + extraLength));
  const field = (offset) => {
    const value = directory.readUInt32LE(at + offset);
    return value === 0xffffffff ? (wide.shift() ?? value) : value;
  };
  const size = field(24); // the order in which zip64 gives the fields that did not fit
  const packed = field(20);
  const offset = field(42);
  return {
    name: directory.toString("utf8", at + 46, nameEnd),
    method: directory.readUInt16LE(at + 10),
    size,
    packed,
    offset,
    executable: ((directory.readUInt32LE(at + 38) >>> 16) & 0o111) !== 0,
    headerSize: 46 + nameLength + extraLength + commentLength,
  };
}

function zip64Fields(extra) {
  for (let at = 0; at + 4 <= extra.length;) {
    const length = extra.readUInt16LE(at + 2);
    if (extra.readUInt16LE(at) === 1) {
      const fields = [];
      for (let o = at + 4; o + 8 <= at + 4 + length; o += 8)
        fields.push(Number(extra.readBigUInt64LE(o)));
      return fields;
    }
    at += 4 + length;
  }
  return [];
}

async function findDirectory(file, path) {
  const { size: fileSize } = await file.stat();
  const tailSize = Math.min(fileSize, 22 + LARGEST_COMMENT + 20);
  const tail = await readAt(file, fileSize - tailSize, tailSize, path);
  let at = tail.length - 22;
  while (at >= 0 && tail.readUInt32LE(at) !== END) at--;
  if (at < 0) throw truncated(path);
  const narrow = {
    count: tail.readUInt16LE(at + 10),
    size: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  const locator = at - 20;
  if (locator < 0 || tail.readUInt32LE(locator) !== END64_LOCATOR) return narrow;
  const end64 = await readAt(file, Number(tail.readBigUInt64LE(locator + 8)), 56, path);
  if (end64.readUInt32LE(0) !== END64) throw truncated(path);
  const [count, size, offset] = [32, 40, 48].map((o) => Number(end64.readBigUInt64LE(o)));
  return { count, size, offset };
}

/** The local header repeats the name, and its extra field may be longer than the central one. */
async function dataOffset(file, member, path) {
  const header = await readAt(file, member.offset, 30, path);
  if (header.readUInt32LE(0) !== LOCAL) throw truncated(path);
  return member.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
}

async function readAt(file, position, length, path) {
  const buffer = Buffer.alloc(length);
  const { bytesRead } = await file.read(buffer, 0, length, position);
  if (bytesRead !== length) throw truncated(path);
  return buffer;
}

function truncated(path) {
  return new SetupFailure(`${path} is not a whole zip file: remove it and run again`);
}
