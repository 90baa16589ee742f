/** Reading request bodies under a cap that holds while streaming, before anything is parsed. */
import { Fault } from '../engine/fault.ts';

/** Largest submission: 1 MiB. */
export const SUBMISSION_BYTES = 1024 * 1024;

/**
 * The whole body of a request, at most `cap` bytes. A declared length above the cap is refused unread; a longer
 * stream is cut off as soon as it passes the cap. Fault `request.too_large`.
 */
export async function readBody(request: Request, cap: number): Promise<Uint8Array<ArrayBuffer>> {
  const tooLarge = () => {
    const detail = `The body is larger than ${cap} bytes.`;
    const actual = declared > cap ? `${declared} bytes` : 'more';
    const errors = [{ pointer: '', detail, expected: `at most ${cap} bytes`, actual }];
    return new Fault('request.too_large', detail, { errors });
  };
  const declared = Number(request.headers.get('content-length') ?? '0');
  if (declared > cap) throw tooLarge();
  if (request.body === null) return new Uint8Array(0);
  const chunks: Uint8Array[] = [];
  let size = 0;
  const reader = request.body.getReader();
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    size += value.byteLength;
    if (size > cap) {
      await reader.cancel();
      throw tooLarge();
    }
    chunks.push(value);
  }
  const body = new Uint8Array(size);
  let at = 0;
  for (const chunk of chunks) {
    body.set(chunk, at);
    at += chunk.byteLength;
  }
  return body;
}

/** UTF-8 text of a body; bytes that are no UTF-8 are a `request.malformed`. */
export function textOf(body: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: false }).decode(body);
  } catch {
    const detail = 'The body is not UTF-8 text.';
    const errors = [{ pointer: '', detail, expected: 'UTF-8 text', actual: 'other bytes' }];
    throw new Fault('request.malformed', detail, { errors });
  }
}
