/**
 * Sealing at rest: AES-256-GCM with keys derived from the tenant's data key, one for each kind of value. The
 * additional data are tenant, kind and id, so that a sealed value opens only in the row and column it was made for.
 * Envelope: `<version>.<key id>.<base64 of nonce, ciphertext, tag>`; inside, one byte says whether gzip follows.
 */
import { Fault } from '../engine/fault.ts';
import {
  type Bytes,
  concat,
  fromBase64,
  fromUtf8,
  gunzip,
  gzip,
  sha256,
  toBase64,
  toBase64Url,
  utf8,
} from './bytes.ts';
import type { BlobAddress, Json } from './model/shared.ts';

const version = 's1';
const nonceBytes = 12;
const keyBytes = 32;
/** Below this gzip costs more than it saves. */
const gzipFrom = 2048;
/** A row of D1 has at most 2 MB; over that the database would refuse it each time. */
const maxSealed = 1_900_000;
const plain = 0;
const zipped = 1;

/** A key of WebCrypto, whatever the platform's types call it. */
type Key = Awaited<ReturnType<typeof crypto.subtle.importKey>>;

/** A data key as the tenant's row holds it: wrapped by the root key that `wrapped` names. */
export interface WrappedKey {
  readonly id: string;
  readonly wrapped: string;
}

export interface Sealer {
  /** Fault `request.too_large` for what no row can hold (1.9 MB sealed; it is compressed first). */
  seal(kind: string, id: string, value: Json): Promise<string>;
  /** Fault `store.unreadable` unless it was sealed for this tenant, kind and id. */
  open(kind: string, id: string, sealed: string): Promise<Json>;
  sealBytes(kind: string, id: string, bytes: Bytes): Promise<string>;
  openBytes(kind: string, id: string, sealed: string): Promise<Bytes>;
  address(content: Bytes): Promise<BlobAddress>;
  /** HMAC-SHA-256 by a key of its own for each use. */
  mac(use: string, text: string): Promise<Bytes>;
}

/** Root keys by id; the first one wraps. */
export interface RootKeys {
  wrap(tenant: string, key: Bytes): Promise<string>;
  unwrap(tenant: string, wrapped: string): Promise<Bytes>;
}

const unreadable = (what: string) =>
  new Fault('store.unreadable', 'A stored value could not be read.', { internal: what });

async function encrypt(key: Key, aad: Bytes, bytes: Bytes): Promise<string> {
  const iv = crypto.getRandomValues(new Uint8Array(nonceBytes));
  const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: aad }, key, bytes);
  return toBase64(concat(iv, new Uint8Array(sealed)));
}

async function decrypt(key: Key, aad: Bytes, text: string, what: string): Promise<Bytes> {
  try {
    const bytes = fromBase64(text);
    const algorithm = { name: 'AES-GCM', iv: bytes.slice(0, nonceBytes), additionalData: aad };
    return new Uint8Array(await crypto.subtle.decrypt(algorithm, key, bytes.slice(nonceBytes)));
  } catch {
    throw unreadable(`${what} does not open`);
  }
}

/** `former`: root keys from before a rotation. Each has 32 bytes, else Fault `internal`. */
export function rootKeys(current: Uint8Array, former: readonly Uint8Array[] = []): RootKeys {
  const all = Promise.all([current, ...former].map(importRoot));
  all.catch(() => undefined);
  const aad = (tenant: string) => utf8(JSON.stringify(['mainsheet', 'data-key', tenant]));
  return {
    async wrap(tenant, bytes) {
      const [first] = await all;
      if (first === undefined) throw unreadable('no root key');
      return `${version}.${first.id}.${await encrypt(first.key, aad(tenant), bytes)}`;
    },
    async unwrap(tenant, wrapped) {
      const { keyId, body } = parts(wrapped, 'data key');
      const root = (await all).find((one) => one.id === keyId);
      if (root === undefined)
        throw unreadable(`data key was wrapped by the root key ${keyId}, which is not configured`);
      return decrypt(root.key, aad(tenant), body, 'data key');
    },
  };
}

async function importRoot(bytes: Uint8Array): Promise<{ readonly id: string; readonly key: Key }> {
  if (bytes.length !== keyBytes)
    throw new Fault('internal', 'The service is misconfigured.', { internal: 'DATA_KEY must have 32 bytes' });
  const raw = new Uint8Array(bytes);
  const id = toBase64Url(await sha256(concat(utf8('mainsheet root key '), raw))).slice(0, 8);
  return { id, key: await crypto.subtle.importKey('raw', raw, 'AES-GCM', false, ['encrypt', 'decrypt']) };
}

function parts(sealed: string, what: string): { readonly keyId: string; readonly body: string } {
  const [form, keyId, body] = sealed.split('.', 3);
  if (form !== version || keyId === undefined || body === undefined)
    throw unreadable(`${what} has no known envelope`);
  return { keyId, body };
}

/** A fresh data key, wrapped. */
export async function newDataKey(roots: RootKeys, tenant: string, id: string): Promise<WrappedKey> {
  return { id, wrapped: await roots.wrap(tenant, crypto.getRandomValues(new Uint8Array(keyBytes))) };
}

/** Opens a tenant's data keys: the last one seals, all open. */
export async function openSealer(
  roots: RootKeys,
  tenant: string,
  keys: readonly WrappedKey[],
): Promise<Sealer> {
  const ring = new Map<string, DerivedKeys>();
  for (const { id, wrapped } of keys) ring.set(id, await derivedKeys(await roots.unwrap(tenant, wrapped)));
  const first = keys[0] && ring.get(keys[0].id);
  const last = keys.at(-1);
  const sealing = last && ring.get(last.id);
  if (first === undefined || last === undefined || sealing === undefined)
    throw unreadable('the tenant has no data key');
  const aad = (kind: string, id: string) => utf8(JSON.stringify(['mainsheet', tenant, kind, id]));

  const sealBytes = async (kind: string, id: string, bytes: Bytes): Promise<string> => {
    const small = bytes.length < gzipFrom;
    const inside = concat(Uint8Array.of(small ? plain : zipped), small ? bytes : await gzip(bytes));
    const sealed = `${version}.${last.id}.${await encrypt(await sealing.aes(kind), aad(kind, id), inside)}`;
    if (sealed.length > maxSealed) {
      throw new Fault('request.too_large', 'A value is too large to be stored.', { internal: kind });
    }
    return sealed;
  };
  const openBytes = async (kind: string, id: string, sealed: string): Promise<Bytes> => {
    const { keyId, body } = parts(sealed, kind);
    const key = ring.get(keyId);
    if (key === undefined) throw unreadable(`${kind} was sealed with the unknown key ${keyId}`);
    const inside = await decrypt(await key.aes(kind), aad(kind, id), body, kind);
    return inside[0] === zipped ? gunzip(inside.slice(1)) : inside.slice(1);
  };
  return {
    sealBytes,
    openBytes,
    seal: (kind, id, value) => sealBytes(kind, id, utf8(JSON.stringify(value))),
    async open(kind, id, sealed) {
      const bytes = await openBytes(kind, id, sealed);
      try {
        // what was sealed was JSON, and nothing else opens
        return JSON.parse(fromUtf8(bytes)) as Json;
      } catch {
        throw unreadable(`${kind} is not JSON`);
      }
    },
    // by the first key, so that addresses stay the same when the data key changes
    async address(content) {
      const mac = await crypto.subtle.sign('HMAC', await first.hmac('address'), content);
      return toBase64Url(new Uint8Array(mac)) as BlobAddress;
    },
    async mac(use, text) {
      return new Uint8Array(await crypto.subtle.sign('HMAC', await first.hmac(use), utf8(text)));
    },
  };
}

interface DerivedKeys {
  aes(kind: string): Promise<Key>;
  hmac(use: string): Promise<Key>;
}

/** One key for each kind of value: that bounds how often a random nonce is drawn for one key. */
async function derivedKeys(dataKey: Bytes): Promise<DerivedKeys> {
  const base = await crypto.subtle.importKey('raw', dataKey, 'HKDF', false, ['deriveKey']);
  const known = new Map<string, Promise<Key>>();
  const derive = (info: string, into: 'AES-GCM' | 'HMAC'): Promise<Key> => {
    const present = known.get(info);
    if (present !== undefined) return present;
    const algorithm = { name: 'HKDF', hash: 'SHA-256', salt: new Uint8Array(0), info: utf8(info) };
    const fresh =
      into === 'AES-GCM'
        ? crypto.subtle.deriveKey(algorithm, base, { name: into, length: 256 }, false, ['encrypt', 'decrypt'])
        : crypto.subtle.deriveKey(algorithm, base, { name: into, hash: 'SHA-256', length: 256 }, false, [
            'sign',
          ]);
    known.set(info, fresh);
    return fresh;
  };
  return {
    aes: (kind) => derive(`mainsheet seal ${kind}`, 'AES-GCM'),
    hmac: (use) => derive(`mainsheet mac ${use}`, 'HMAC'),
  };
}
