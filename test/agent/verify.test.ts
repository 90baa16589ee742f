import assert from 'node:assert/strict';
import { createHash, generateKeyPairSync, sign } from 'node:crypto';
import { describe, it } from 'node:test';
import { acceptKeys, isObjectOf, isPinned, openIndex } from '../../agent/verify.ts';
import { encodeBase64url } from '../../engine/delivery/base64url.ts';
import { BUNDLE_TYPE, type BundleIndex, type Envelope } from '../../engine/delivery/bundle.ts';
import { addressOf, hashText } from '../../engine/delivery/canonical.ts';
import { preAuthEncoding } from '../../engine/delivery/dsse.ts';
import type { AgentId, ApplicationUid, ClusterId, TenantId } from '../../engine/ids.ts';

const pair = () => {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519');
  return { publicKey: String(publicKey.export({ format: 'jwk' }).x), privateKey };
};
const hub = pair();
const stranger = pair();

const membership = {
  agent: 'agt_a' as AgentId,
  tenant: 'ten_a' as TenantId,
  cluster: { id: 'clu_a' as ClusterId, name: 'main' },
  hub: 'hub-a',
  keys: [{ keyId: 'k1', publicKey: hub.publicKey }],
};

const index: BundleIndex = {
  v: 1,
  keyId: 'k1',
  hub: 'hub-a',
  tenant: membership.tenant,
  cluster: membership.cluster.id,
  application: { uid: 'app_a' as ApplicationUid, namespace: 'default', name: 'shop' },
  revision: 1,
  sequence: 5,
  epoch: 1,
  objects: [],
  prune: false,
  drift: 'heal',
};

function envelope(body: unknown, signer = hub, change: Partial<Envelope> = {}): Envelope {
  const payload = new TextEncoder().encode(JSON.stringify(body));
  const sig = sign(null, preAuthEncoding(BUNDLE_TYPE, payload), signer.privateKey).toString('base64url');
  return {
    payloadType: BUNDLE_TYPE,
    payload: encodeBase64url(payload),
    signatures: [{ keyid: 'k1', sig }],
    ...change,
  };
}

const open = (given: Envelope, held = 4) => openIndex(given, membership, () => held);

describe('a bundle is taken', () => {
  it('when a pinned key signed exactly these bytes for this cluster, above what is held', () => {
    const opened = open(envelope(index));
    assert.ok(opened.ok);
    assert.equal(opened.index.sequence, 5);
  });

  it('also when it says more than this agent knows', () => {
    assert.ok(open(envelope({ ...index, news: true })).ok);
  });
});

describe('a bundle is refused', () => {
  const cases: Readonly<Record<string, [Envelope, number?]>> = {
    'that another key has signed': [envelope(index, stranger)],
    'whose payload was changed after signing': [
      {
        ...envelope(index),
        payload: encodeBase64url(new TextEncoder().encode(JSON.stringify({ ...index, prune: true }))),
      },
    ],
    'whose signature is under an unknown key id': [
      { ...envelope(index), signatures: [{ keyid: 'k2', sig: envelope(index).signatures[0]?.sig ?? '' }] },
    ],
    'of another payload type': [envelope(index, hub, { payloadType: 'application/json' })],
    'without a readable signature': [envelope(index, hub, { signatures: [{ keyid: 'k1', sig: '!' }] })],
    'of another hub': [envelope({ ...index, hub: 'hub-b' })],
    'of another tenant': [envelope({ ...index, tenant: 'ten_b' })],
    'for another cluster': [envelope({ ...index, cluster: 'clu_b' })],
    'with the sequence that is held already': [envelope(index), 5],
    'with a sequence below what is held': [envelope(index), 6],
    'that is no index': [envelope({ ...index, objects: 'all' })],
    'of another version': [envelope({ ...index, v: 2 })],
  };
  for (const [name, [given, held]] of Object.entries(cases)) {
    it(name, () => assert.equal(open(given, held).ok, false));
  }
});

describe('objects', () => {
  it('are what their address says, or nothing', () => {
    const object = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'a' } };
    assert.ok(isObjectOf(addressOf(object), object));
    assert.ok(!isObjectOf(addressOf(object), { ...object, data: { a: '1' } }));
  });
});

describe('keys of the hub', () => {
  it('are pinned by the hash in the token', () => {
    const raw = Buffer.from(hub.publicKey, 'base64url');
    assert.ok(isPinned(membership.keys, hashOf(raw)));
    assert.ok(!isPinned([{ keyId: 'k1', publicKey: stranger.publicKey }], hashOf(raw)));
    assert.ok(!isPinned([], hashText('')));
  });

  it('are added only when a known key endorses them', () => {
    const next = pair();
    const endorse = (by: typeof hub) => ({
      keyId: 'k2',
      publicKey: next.publicKey,
      endorsement: {
        keyId: 'k1',
        signature: sign(null, Buffer.from(next.publicKey, 'base64url'), by.privateKey).toString('base64url'),
      },
    });
    assert.deepEqual(
      acceptKeys(membership.keys, [endorse(hub)]).map(({ keyId }) => keyId),
      ['k1', 'k2'],
    );
    assert.deepEqual(
      acceptKeys(membership.keys, [endorse(stranger)]).map(({ keyId }) => keyId),
      ['k1'],
    );
    assert.deepEqual(acceptKeys(membership.keys, [{ keyId: 'k2', publicKey: next.publicKey }]).length, 1);
  });
});

function hashOf(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex');
}
