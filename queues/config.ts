/** The queue Worker's environment, parsed once an isolate. */
import { z } from 'zod';
import { decodeBase64url } from '../engine/delivery/base64url.ts';
import type { EgressPolicy } from '../engine/egress/policy.ts';
import { egressText, jsonText, parseEnvironment } from '../engine/environment.ts';

const bytes = (length: number) =>
  z.string().transform((text, context) => {
    const decoded = decodeBase64url(text);
    if (decoded?.length === length) return decoded;
    context.addIssue({ code: 'custom', message: `is not ${length} bytes in base64url` });
    return z.NEVER;
  });

const environmentSchema = z.object({
  HUB_ID: z.string().min(1).max(64),
  /** Wraps the tenants' data keys. */
  DATA_KEY: bytes(32),
  /** Ed25519: the private key as PKCS #8 in base64url, and the id under which agents know its public half. */
  SIGNING_KEY: jsonText(z.object({ keyId: z.string().min(1).max(64), privateKey: z.string().min(1) })),
  EGRESS: egressText,
  /** Runs of one tenant that may be worked on at once. */
  PER_TENANT_CAP: z.coerce.number().int().min(1).max(1000).default(20),
});

export interface QueueConfig {
  readonly hub: string;
  readonly dataKey: Uint8Array<ArrayBuffer>;
  readonly signing: { readonly keyId: string; readonly privateKey: string };
  readonly egress: EgressPolicy;
  readonly perTenantCap: number;
}

/** The configuration, or an error that names every variable that is missing or wrong and none of their values. */
export function parseQueueConfig(environment: unknown): QueueConfig {
  const { HUB_ID, DATA_KEY, SIGNING_KEY, EGRESS, PER_TENANT_CAP } = parseEnvironment(
    environmentSchema,
    environment,
  );
  return {
    hub: HUB_ID,
    dataKey: DATA_KEY,
    signing: SIGNING_KEY,
    egress: EGRESS,
    perTenantCap: PER_TENANT_CAP,
  };
}
