/** The HTTP Worker's environment, parsed once an isolate. */
import { z } from 'zod';
import { fromBase64Url } from '../db/bytes.ts';
import { hubKeySchema } from '../engine/delivery/protocol.ts';
import type { EgressPolicy } from '../engine/egress/policy.ts';
import type { HubIdentity } from '../queues/ports.ts';

const jsonText = <T extends z.ZodType>(schema: T) =>
  z
    .string()
    .transform((text, context) => {
      try {
        return JSON.parse(text) as unknown;
      } catch {
        context.addIssue({ code: 'custom', message: 'is not JSON' });
        return z.NEVER;
      }
    })
    .pipe(schema);

const egressSchema = z.object({
  allowedHosts: z.array(z.string()).default([]),
  allowedPorts: z.union([z.literal('any'), z.array(z.number().int())]).default([]),
  allowHttp: z.boolean().default(false),
});

const environmentSchema = z.object({
  HUB_ID: z.string().min(1).max(64),
  /** 32 bytes, base64url: wraps the tenants' data keys. */
  DATA_KEY: z.string().transform((text) => fromBase64Url(text)),
  OPERATOR_KEY_HASH: z.string().regex(/^[0-9a-f]{64}$/),
  /** The hub's public signing keys, the current one first. */
  SIGNING_PUBLIC_KEYS: jsonText(z.array(hubKeySchema).min(1)),
  EGRESS: jsonText(egressSchema).default({ allowedHosts: [], allowedPorts: [], allowHttp: false }),
});

export interface Config {
  readonly hub: HubIdentity;
  readonly dataKey: Uint8Array;
  readonly operatorKeyHash: string;
  readonly egress: EgressPolicy;
}

/** The configuration, or an error that names every variable that is missing or wrong and none of their values. */
export function parseConfig(environment: unknown): Config {
  const parsed = environmentSchema.safeParse(environment);
  if (!parsed.success) {
    const wrong = parsed.error.issues.map((issue) => `${issue.path.join('.')}: ${issue.message}`);
    throw new Error(`The environment is not complete: ${wrong.join('; ')}`);
  }
  const { HUB_ID, DATA_KEY, OPERATOR_KEY_HASH, SIGNING_PUBLIC_KEYS, EGRESS } = parsed.data;
  return {
    hub: { id: HUB_ID, keys: SIGNING_PUBLIC_KEYS },
    dataKey: DATA_KEY,
    operatorKeyHash: OPERATOR_KEY_HASH,
    egress: EGRESS,
  };
}
