/** Who this agent is: its key, which never leaves the folder, and what the hub made of it at enrolment. */
import { createPrivateKey, generateKeyPairSync, type KeyObject, sign } from 'node:crypto';
import { join } from 'node:path';
import { z } from 'zod';
import { hubKeySchema } from '../engine/delivery/protocol.ts';
import type { AgentId, ClusterId, TenantId } from '../engine/ids.ts';
import { makeFolderOf, readWhole, writeWhole } from './files.ts';

const keySchema = z.object({ privateKey: z.string(), publicKey: z.string() });

const membershipSchema = z.object({
  agent: z.string().transform((id) => id as AgentId),
  tenant: z.string().transform((id) => id as TenantId),
  cluster: z.object({ id: z.string().transform((id) => id as ClusterId), name: z.string() }),
  hub: z.string(),
  keys: z.array(hubKeySchema).min(1),
});
/** What an accepted enrolment gives, and what is pinned from then on. */
export type Membership = z.infer<typeof membershipSchema>;

export interface AgentKey {
  /** Raw, base64url. */
  readonly publicKey: string;
  /** Ed25519, base64url. */
  sign(text: string): string;
}

/** Reads the key of a state folder, or makes one there (mode 0600). */
export function openKey(folder: string): AgentKey {
  const path = join(folder, 'key.json');
  makeFolderOf(path);
  const stored = readWhole(path);
  const { privateKey, publicKey } =
    stored === undefined ? makeKey(path) : keySchema.parse(JSON.parse(stored));
  const der = Buffer.from(privateKey, 'base64url');
  const key: KeyObject = createPrivateKey({ key: der, format: 'der', type: 'pkcs8' });
  return { publicKey, sign: (text) => sign(null, Buffer.from(text), key).toString('base64url') };
}

function makeKey(path: string): z.infer<typeof keySchema> {
  const pair = generateKeyPairSync('ed25519');
  const jwk = pair.publicKey.export({ format: 'jwk' });
  const made = {
    privateKey: pair.privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
    publicKey: String(jwk.x),
  };
  writeWhole(path, JSON.stringify(made));
  return made;
}

/** The membership of a state folder; undefined before it was accepted. */
export function readMembership(folder: string): Membership | undefined {
  const text = readWhole(join(folder, 'membership.json'));
  return text === undefined ? undefined : membershipSchema.parse(JSON.parse(text));
}

export function writeMembership(folder: string, membership: Membership): void {
  writeWhole(join(folder, 'membership.json'), JSON.stringify(membership));
}

/** Numbers for requests that write: each above all before it, also after a restart, also when the clock goes back. */
export function openCounter(folder: string): () => number {
  const path = join(folder, 'counter');
  let last = Number(readWhole(path) ?? 0);
  return () => {
    last = Math.max(last + 1, Date.now());
    writeWhole(path, String(last));
    return last;
  };
}

/** A name of this state folder, for the lease: the same after a restart, another one for another replica. */
export function openInstance(folder: string): string {
  const path = join(folder, 'instance');
  const stored = readWhole(path);
  if (stored !== undefined) return stored;
  const made = crypto.randomUUID();
  writeWhole(path, made);
  return made;
}
