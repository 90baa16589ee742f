import type { z } from 'zod';
import { Fault } from '../../engine/fault.ts';

/** An agent's message, read and checked. Fault `request.malformed`. */
export function parseMessage<S extends z.ZodType>(schema: S, body: Uint8Array): z.output<S> {
  let json: unknown;
  try {
    json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
  } catch {
    throw new Fault('request.malformed', 'The body is not JSON.');
  }
  const parsed = schema.safeParse(json);
  if (parsed.success) return parsed.data;
  const [issue] = parsed.error.issues;
  throw new Fault('request.malformed', 'The body is not a message of this protocol.', {
    internal: `${issue?.path.join('.')}: ${issue?.message}`,
  });
}
