import assert from 'node:assert/strict';
import { generateKeyPairSync, verify } from 'node:crypto';
import { describe, it } from 'node:test';
import { decodeBase64url } from '../../engine/delivery/base64url.ts';
import { preAuthEncoding } from '../../engine/delivery/dsse.ts';
import { parseQueueConfig } from '../../queues/config.ts';
import { ed25519Signer, signIndex } from '../../queues/signing.ts';

const { publicKey, privateKey } = generateKeyPairSync('ed25519');
const signing = {
  keyId: 'k1',
  privateKey: privateKey.export({ format: 'der', type: 'pkcs8' }).toString('base64url'),
};
const environment = {
  HUB_ID: 'hub',
  DATA_KEY: Buffer.alloc(32, 7).toString('base64url'),
  SIGNING_KEY: JSON.stringify({ ...signing, publicKey: 'beside' }),
};

describe("the queue Worker's environment", () => {
  it('is read, with what it may leave out', () => {
    const config = parseQueueConfig(environment);
    assert.deepEqual([config.hub, config.signing, config.perTenantCap], ['hub', signing, 20]);
    assert.deepEqual(config.egress, { allowedHosts: [], allowedPorts: [], allowHttp: false });
    assert.equal(config.dataKey.length, 32);
  });

  it('names what is missing or wrong, and none of the values', () => {
    const canary = 'value-that-must-not-show';
    const broken = {
      DATA_KEY: canary,
      SIGNING_KEY: `{"keyId":"${canary}"`,
      EGRESS: '{}',
      PER_TENANT_CAP: '0',
    };
    assert.throws(
      () => parseQueueConfig(broken),
      ({ message }: Error) =>
        ['HUB_ID', 'DATA_KEY', 'SIGNING_KEY', 'PER_TENANT_CAP'].every((name) => message.includes(name)) &&
        !message.includes(canary),
    );
  });
});

describe('the signer', () => {
  it('signs the exact bytes with their type', async () => {
    const envelope = await signIndex(ed25519Signer(signing), '{"v":1,"name":"ü"}');
    const payload = decodeBase64url(envelope.payload);
    assert.ok(payload);
    assert.equal(new TextDecoder().decode(payload), '{"v":1,"name":"ü"}');
    const [first] = envelope.signatures;
    assert.equal(first?.keyid, 'k1');
    const signature = Buffer.from(first?.sig ?? '', 'base64url');
    assert.ok(verify(null, preAuthEncoding(envelope.payloadType, payload), publicKey, signature));
    assert.ok(!verify(null, preAuthEncoding('application/json', payload), publicKey, signature));
  });

  it('fails on a key that is none, when it is asked to sign', async () => {
    await assert.rejects(ed25519Signer({ keyId: 'k', privateKey: 'AAAA' }).sign(new Uint8Array(1)));
    assert.throws(() => ed25519Signer({ keyId: 'k', privateKey: '!' }), RangeError);
  });
});
