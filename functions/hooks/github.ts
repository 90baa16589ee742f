/** GitHub's webhooks: the signature, and what a payload says. Facts: GitHub docs, "Validating webhook deliveries". */

const hexBytes = (text: string): Uint8Array<ArrayBuffer> | null => {
  if (!/^[0-9a-f]{64}$/i.test(text)) return null;
  return Uint8Array.from({ length: 32 }, (_, index) =>
    Number.parseInt(text.slice(index * 2, index * 2 + 2), 16),
  );
};

/** Whether `X-Hub-Signature-256` is the HMAC of these very bytes. The comparison takes the same time for any answer. */
export async function verifiesSignature(
  header: string | undefined,
  secret: string,
  body: Uint8Array<ArrayBuffer>,
): Promise<boolean> {
  const signature = header?.startsWith('sha256=') ? hexBytes(header.slice('sha256='.length)) : null;
  const algorithm = { name: 'HMAC', hash: 'SHA-256' };
  const key = await crypto.subtle.importKey('raw', new TextEncoder().encode(secret), algorithm, false, [
    'verify',
  ]);
  return crypto.subtle.verify('HMAC', key, signature ?? new Uint8Array(32), body);
}

/** What of a push is worth keeping: the ref is resolved again, so the payload is a hint only. */
export interface PushHint {
  readonly event: string;
  readonly ref: string | null;
  readonly commit: string | null;
}

const textOf = (value: unknown): string | null =>
  typeof value === 'string' && value.length <= 1000 ? value : null;

/** The hint in a payload; null where the body is no JSON object. */
export function hintOf(event: string, text: string): PushHint | null {
  let payload: unknown;
  try {
    payload = JSON.parse(text);
  } catch {
    return null;
  }
  if (typeof payload !== 'object' || payload === null || Array.isArray(payload)) return null;
  const { ref, after } = payload as { ref?: unknown; after?: unknown };
  return { event, ref: textOf(ref), commit: textOf(after) };
}

/** The JSON text of a body that GitHub sends as `application/json` or as a form with the field `payload`. */
export function payloadText(contentType: string | undefined, text: string): string {
  if (contentType?.split(';')[0]?.trim().toLowerCase() !== 'application/x-www-form-urlencoded') return text;
  return new URLSearchParams(text).get('payload') ?? '';
}
