/** The HTTP Worker's environment, parsed once an isolate. */
import { z } from 'zod';
import { fromBase64Url } from '../db/bytes.ts';
import { hubKeySchema } from '../engine/delivery/protocol.ts';
import type { EgressPolicy } from '../engine/egress/policy.ts';
import { egressText, jsonText, parseEnvironment } from '../engine/environment.ts';
import type { HubIdentity } from '../queues/ports.ts';

const environmentSchema = z.object({
  HUB_ID: z.string().min(1).max(64),
  /** 32 bytes, base64url: wraps the tenants' data keys. */
  DATA_KEY: z.string().transform((text) => fromBase64Url(text)),
  OPERATOR_KEY_HASH: z.string().regex(/^[0-9a-f]{64}$/),
  /** The hub's public signing keys, the current one first. */
  SIGNING_PUBLIC_KEYS: jsonText(z.array(hubKeySchema).min(1)),
  EGRESS: egressText,
});

export interface Config {
  readonly hub: HubIdentity;
  readonly dataKey: Uint8Array;
  readonly operatorKeyHash: string;
  readonly egress: EgressPolicy;
}

/** The configuration, or an error that names what is missing or wrong. */
export function parseConfig(environment: unknown): Config {
  const { HUB_ID, DATA_KEY, OPERATOR_KEY_HASH, SIGNING_PUBLIC_KEYS, EGRESS } = parseEnvironment(
    environmentSchema,
    environment,
  );
  return {
    hub: { id: HUB_ID, keys: SIGNING_PUBLIC_KEYS },
    dataKey: DATA_KEY,
    operatorKeyHash: OPERATOR_KEY_HASH,
    egress: EGRESS,
  };
}
