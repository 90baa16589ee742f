/**
 * Looks through a packfile before anything unpacks it. What a pack claims costs nothing to send (a kilobyte of
 * deflate or of delta instructions can stand for gigabytes), so the sizes are read and every object is inflated
 * once, in pieces that are thrown away, until the budget is passed. Format: git's Documentation/gitformat-pack.
 */
import pako from 'pako';
import { Fault } from '../../engine/fault.ts';

export interface PackBudget {
  /** Bytes of all objects together, unpacked, deltas counted as what they make. */
  readonly totalBytes: number;
  readonly objectBytes: number;
  readonly objects: number;
}

const tooLarge = (what: string) =>
  new Fault('git.too_large', `The repository's commit is too large to read: ${what}.`);
const broken = (what: string) =>
  new Fault('git.unreachable', `The Git server sent a pack that cannot be read: ${what}.`);

/** A little-endian base-128 number at `at`; null past the end or past 2^53. */
function varint(bytes: Uint8Array, at: number): { value: number; next: number } | null {
  let value = 0;
  let scale = 1;
  for (let next = at; next < bytes.length && scale < 2 ** 50; next++) {
    const byte = bytes[next] ?? 0;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) return { value, next: next + 1 };
    scale *= 128;
  }
  return null;
}

/** Inflates one stream from `at`; answers where it ends and its first bytes. */
function skipStream(pack: Uint8Array, at: number, claimed: number): { end: number; head: Uint8Array } {
  const inflate = new pako.Inflate({ chunkSize: 65_536 });
  let size = 0;
  let head = new Uint8Array(0);
  inflate.onData = (chunk: Uint8Array) => {
    if (size === 0) head = new Uint8Array(chunk.subarray(0, 32));
    size += chunk.length;
    if (size > claimed) throw broken('an object is longer than it says');
  };
  inflate.push(pack.subarray(at), false);
  if (inflate.err !== 0) throw broken('an object cannot be inflated');
  // pako's types leave these two out; its documentation names both.
  const { ended, strm } = inflate as pako.Inflate & { ended: boolean; strm: { avail_in: number } };
  const left = strm.avail_in;
  if (!ended) throw broken('it ends inside an object');
  if (size !== claimed) throw broken('an object is shorter than it says');
  return { end: pack.length - left, head };
}

/** The size a delta makes: its second number. */
function deltaResult(head: Uint8Array): number {
  const base = varint(head, 0);
  const result = base === null ? null : varint(head, base.next);
  if (result === null) throw broken('a delta has no sizes');
  return result.value;
}

/** Throws `git.too_large` or `git.unreachable` unless the pack stays within the budget when unpacked. */
export function guardPack(pack: Uint8Array, budget: PackBudget): void {
  const view = new DataView(pack.buffer, pack.byteOffset, pack.byteLength);
  if (pack.length < 32 || view.getUint32(0) !== 0x5041434b) throw broken('no pack header');
  const count = view.getUint32(8);
  if (count > budget.objects) throw tooLarge(`${count} objects, at most ${budget.objects}`);
  let at = 12;
  let total = 0;
  for (let index = 0; index < count; index++) {
    const first = pack[at] ?? 0;
    const kind = (first >> 4) & 7;
    let size = first & 15;
    at++;
    if (first >= 0x80) {
      const rest = varint(pack, at);
      if (rest === null) throw broken('an object has no size');
      size += rest.value * 16;
      at = rest.next;
    }
    if (size > budget.objectBytes)
      throw tooLarge(`an object of ${size} bytes, at most ${budget.objectBytes}`);
    if (kind === 7) at += 20;
    else if (kind === 6) {
      while ((pack[at] ?? 0) >= 0x80) at++;
      at++;
    } else if (kind < 1 || kind > 4) throw broken(`object kind ${kind}`);
    const { end, head } = skipStream(pack, at, size);
    at = end;
    const made = kind >= 6 ? deltaResult(head) : size;
    if (made > budget.objectBytes)
      throw tooLarge(`an object of ${made} bytes, at most ${budget.objectBytes}`);
    total += made;
    if (total > budget.totalBytes) throw tooLarge(`more than ${budget.totalBytes} bytes unpacked`);
  }
}

/**
 * The pack inside an answer of git-upload-pack: the bytes of side band 1 of its pkt-lines. Null where there is none
 * (a listing of refs, or a shallow answer without a pack).
 */
export function packOf(answer: Uint8Array): Uint8Array | null {
  const bands: Uint8Array[] = [];
  let size = 0;
  let at = 0;
  while (at + 4 <= answer.length) {
    const length = Number.parseInt(String.fromCharCode(...answer.subarray(at, at + 4)), 16);
    if (Number.isNaN(length)) return null;
    if (length < 4) {
      at += 4;
      continue;
    }
    if (answer[at + 4] === 1) {
      const band = answer.subarray(at + 5, at + length);
      bands.push(band);
      size += band.length;
    }
    at += length;
  }
  if (size === 0) return null;
  const pack = new Uint8Array(size);
  let next = 0;
  for (const band of bands) {
    pack.set(band, next);
    next += band.length;
  }
  return pack;
}
