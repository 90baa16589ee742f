/** Strong entity tags over the exact bytes, and answers to If-None-Match and If-Match. */
import { Fault } from '../engine/fault.ts';

const hex = (bytes: ArrayBuffer): string =>
  Array.from(new Uint8Array(bytes).subarray(0, 16), (byte) => byte.toString(16).padStart(2, '0')).join('');

/** The strong tag of a representation, quotes included. */
export async function etagOf(body: string): Promise<string> {
  return `"${hex(await crypto.subtle.digest('SHA-256', new TextEncoder().encode(body)))}"`;
}

/** Whether a tag list (`If-None-Match`, `If-Match`) names this tag; weak tags compare by their opaque part. */
export function names(list: string | undefined, tag: string): boolean {
  if (list === undefined) return false;
  return list.split(',').some((entry) => {
    const candidate = entry.trim();
    return candidate === '*' || candidate.replace(/^W\//, '') === tag;
  });
}

/** A cacheable answer: 304 without a body when the reader has this very representation. */
export async function tagged(
  request: Request,
  body: string,
  headers: Readonly<Record<string, string>>,
): Promise<Response> {
  const tag = await etagOf(body);
  const all = { ...headers, etag: tag };
  if (names(request.headers.get('if-none-match') ?? undefined, tag)) {
    return new Response(null, { status: 304, headers: all });
  }
  return new Response(body, { headers: all });
}

/** Holds a write to `If-Match`: absent is a 428 where `required`, another tag a 412. */
export function checkIfMatch(request: Request, current: string | null, required: boolean): void {
  const sent = request.headers.get('if-match') ?? undefined;
  if (sent === undefined) {
    if (required && current !== null) {
      throw new Fault(
        'request.precondition_required',
        'Send If-Match with the ETag of the version that you have read.',
      );
    }
    return;
  }
  if (current === null || !names(sent, current)) {
    throw new Fault('request.precondition', 'The resource has changed since you read it.');
  }
}
