/** Reading a tar.gz of definitions under caps that hold while it is unpacked: nothing is kept that nobody asked for. */

import type { DefinitionFile } from '../../engine/definitions/import.ts';
import { isDefinitionFile } from '../../engine/definitions/import.ts';
import { Fault } from '../../engine/fault.ts';

export interface ArchiveLimits {
  /** Of the whole archive, unpacked. */
  readonly bytes: number;
  /** Of its files, of any kind. */
  readonly entries: number;
  /** Of one file that is read. */
  readonly fileBytes: number;
}

export const archiveLimits: ArchiveLimits = {
  bytes: 16 * 1024 * 1024,
  entries: 5000,
  fileBytes: 1024 * 1024,
};

const block = 512;
const decoder = new TextDecoder();

const malformed = (what: string) => {
  const detail = `The archive cannot be read: ${what}.`;
  const errors = [{ pointer: '', detail, expected: 'a gzipped tar', actual: what }];
  return new Fault('request.malformed', detail, { errors });
};
const tooLarge = (what: string) => {
  const detail = `The archive holds more than ${what}.`;
  const errors = [{ pointer: '', detail, expected: `at most ${what}`, actual: 'more' }];
  return new Fault('request.too_large', detail, { errors });
};

/** The definition files of a gzipped tar, in its order. Links and everything that is no plain file are passed over. */
export async function readArchive(
  body: Uint8Array<ArrayBuffer>,
  limits: ArchiveLimits,
): Promise<readonly DefinitionFile[]> {
  if (body[0] !== 0x1f || body[1] !== 0x8b) throw malformed('it is not gzip');
  const tar = await unzip(body, limits.bytes);
  const files: DefinitionFile[] = [];
  let longName: string | null = null;
  let entries = 0;
  for (let at = 0; at + block <= tar.byteLength; ) {
    const header = tar.subarray(at, at + block);
    if (header[0] === 0) break;
    checkSum(header);
    const size = octal(header, 124, 12);
    const data = tar.subarray(at + block, at + block + size);
    if (data.byteLength < size) throw malformed('it ends inside a file');
    at += block + Math.ceil(size / block) * block;
    const type = String.fromCharCode(header[156] ?? 0);
    if (type === 'L') longName = text(data);
    else if (type === 'x') longName = paxPath(data) ?? longName;
    if (type === 'L' || type === 'x' || type === 'g') continue;
    entries += 1;
    if (entries > limits.entries) throw tooLarge(`${limits.entries} files`);
    const path = cleanPath(longName ?? ustarPath(header));
    longName = null;
    if ((type !== '0' && type !== '\0') || !isDefinitionFile(path)) continue;
    if (size > limits.fileBytes) throw tooLarge(`${limits.fileBytes} bytes in ${path}`);
    files.push({ path, text: decoder.decode(data) });
  }
  return files;
}

async function unzip(body: Uint8Array<ArrayBuffer>, cap: number): Promise<Uint8Array> {
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = new Blob([body]).stream().pipeThrough(new DecompressionStream('gzip')).getReader();
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) break;
      size += value.byteLength;
      if (size > cap) throw tooLarge(`${cap} bytes`);
      chunks.push(value);
    }
  } catch (error) {
    await reader.cancel().catch(() => undefined);
    throw error instanceof Fault ? error : malformed('it is not gzip');
  }
  const all = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    all.set(chunk, at);
    at += chunk.byteLength;
  }
  return all;
}

function checkSum(header: Uint8Array): void {
  let sum = 0;
  for (const [i, byte] of header.entries()) sum += i >= 148 && i < 156 ? 0x20 : byte;
  if (sum !== octal(header, 148, 8)) throw malformed('it is not tar');
}

function octal(header: Uint8Array, from: number, length: number): number {
  const digits = text(header.subarray(from, from + length)).trim();
  const value = digits === '' ? 0 : Number.parseInt(digits, 8);
  if (!/^[0-7]*$/.test(digits) || !Number.isSafeInteger(value)) throw malformed('it is not tar');
  return value;
}

/** Up to the first zero byte. */
function text(bytes: Uint8Array): string {
  const end = bytes.indexOf(0);
  return decoder.decode(end < 0 ? bytes : bytes.subarray(0, end));
}

function ustarPath(header: Uint8Array): string {
  const name = text(header.subarray(0, 100));
  const prefix = text(header.subarray(257, 262)) === 'ustar' ? text(header.subarray(345, 500)) : '';
  return prefix === '' ? name : `${prefix}/${name}`;
}

/** The `path` of a pax header: records `<length> <key>=<value>\n`. */
function paxPath(data: Uint8Array): string | null {
  return /(?:^|\n)\d+ path=([^\n]*)\n/.exec(decoder.decode(data))?.[1] ?? null;
}

/** Paths are only shown, never opened. */
function cleanPath(path: string): string {
  return path.replace(/^(?:\.?\/)+/, '').slice(0, 500);
}
