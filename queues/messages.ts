/**
 * What travels through the queue: ids and nothing else. A message is a hint that there may be something to do;
 * what is to be done stands in the store, so losing, repeating and reordering messages is harmless.
 */
import { z } from 'zod';
import { type IdKind, type IdOf, isId } from '../engine/ids.ts';

const v = z.literal(1);
const id = <K extends IdKind>(kind: K) =>
  z.string().transform((text, context): IdOf<K> => {
    if (isId(kind, text)) return text;
    context.addIssue({ code: 'custom', message: `not an id of kind ${kind}` });
    return z.NEVER;
  });

export const messageSchema = z.discriminatedUnion('kind', [
  z.object({ v, kind: z.literal('run.advance'), tenant: id('tenant'), run: id('run') }),
  z.object({ v, kind: z.literal('outbox.flush') }),
  z.object({ v, kind: z.literal('delivery.process'), tenant: id('tenant'), delivery: id('delivery') }),
  z.object({ v, kind: z.literal('agent.wake'), tenant: id('tenant'), cluster: id('cluster') }),
  z.object({ v, kind: z.literal('audit.seal'), tenant: id('tenant') }),
  z.object({
    v,
    kind: z.literal('application.observe'),
    tenant: id('tenant'),
    application: id('application'),
  }),
]);

export type Message = z.infer<typeof messageSchema>;

/** Which field of a message its outbox row's subject is. */
const subjectField = {
  'run.advance': 'run',
  'delivery.process': 'delivery',
  'agent.wake': 'cluster',
  'audit.seal': null,
  'application.observe': 'application',
} as const satisfies Record<Exclude<Message['kind'], 'outbox.flush'>, string | null>;

/** An outbox row as the store gives it. */
export interface Announcement {
  readonly kind: keyof typeof subjectField;
  readonly tenant: string;
  readonly subject: string;
}

/** The message of an outbox row. */
export function messageOf({ kind, tenant, subject }: Announcement): Message {
  const field = subjectField[kind];
  return messageSchema.parse({ v: 1, kind, tenant, ...(field !== null && { [field]: subject }) });
}
