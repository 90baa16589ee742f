import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import fc from 'fast-check';
import { fromBase64, toBase64 } from '../../db/bytes.ts';
import type { Json } from '../../db/model/shared.ts';
import { newDataKey, openSealer, rootKeys } from '../../db/sealing.ts';
import { Fault } from '../../engine/fault.ts';

const root = new Uint8Array(32).fill(1);
const unreadable = (error: unknown) => error instanceof Fault && error.code === 'store.unreadable';

async function sealerOf(tenant: string) {
  const roots = rootKeys(root);
  return openSealer(roots, tenant, [await newDataKey(roots, tenant, 'k1')]);
}

describe('a sealer', () => {
  it('opens what it sealed, whatever JSON it was', async () => {
    const sealer = await sealerOf('a');
    const texts = fc.jsonValue({ maxDepth: 4 });
    await fc.assert(
      fc.asyncProperty(texts, fc.string(), async (value, id) => {
        const plain = JSON.parse(JSON.stringify(value)) as Json;
        assert.deepEqual(await sealer.open('kind', id, await sealer.seal('kind', id, plain)), plain);
      }),
      { numRuns: 100 },
    );
  });

  it('never seals twice to the same text', async () => {
    const sealer = await sealerOf('a');
    const sealed = await Promise.all(Array.from({ length: 50 }, () => sealer.seal('kind', 'id', 'x')));
    assert.equal(new Set(sealed).size, 50);
  });

  it('opens nothing that was changed by one bit', async () => {
    const sealer = await sealerOf('a');
    const sealed = await sealer.seal('kind', 'id', { secret: 'x'.repeat(100) });
    const [form, key, body = ''] = sealed.split('.');
    const bytes = fromBase64(body);
    for (let at = 0; at < bytes.length; at++) {
      const changed = bytes.slice();
      changed[at] = (changed[at] ?? 0) ^ 1;
      await assert.rejects(sealer.open('kind', 'id', `${form}.${key}.${toBase64(changed)}`), unreadable);
    }
  });

  it('opens for its tenant, kind and id only', async () => {
    const [mine, theirs] = await Promise.all([sealerOf('a'), sealerOf('b')]);
    const sealed = await mine.seal('kind', 'id', 1);
    await assert.rejects(mine.open('kind', 'other', sealed), unreadable);
    await assert.rejects(mine.open('other', 'id', sealed), unreadable);
    await assert.rejects(theirs.open('kind', 'id', sealed), unreadable);
  });

  it('binds the parts of what it names apart', async () => {
    const sealer = await sealerOf('a');
    await assert.rejects(sealer.open('ab', 'c', await sealer.seal('a', 'bc', 1)), unreadable);
  });

  it('refuses an envelope of unknown form or key', async () => {
    const sealer = await sealerOf('a');
    const sealed = await sealer.seal('kind', 'id', 1);
    const body = sealed.split('.')[2];
    for (const text of [
      '',
      's1',
      's1.k1',
      `s2.k1.${body}`,
      `s1.k9.${body}`,
      's1.k1.',
      's1.k1.!!!',
      's1.k1.AAAA',
    ]) {
      await assert.rejects(sealer.open('kind', 'id', text), unreadable, text);
    }
  });

  it('opens with a former data key and seals with the newest', async () => {
    const roots = rootKeys(root);
    const first = await newDataKey(roots, 'a', 'k1');
    const before = await openSealer(roots, 'a', [first]);
    const after = await openSealer(roots, 'a', [first, await newDataKey(roots, 'a', 'k2')]);
    assert.equal(await after.open('kind', 'id', await before.seal('kind', 'id', 'x')), 'x');
    const sealed = await after.seal('kind', 'id', 'x');
    assert.match(sealed, /^s1\.k2\./);
    await assert.rejects(before.open('kind', 'id', sealed), unreadable);
    const content = new Uint8Array([1, 2, 3]);
    assert.equal(await after.address(content), await before.address(content));
  });

  it('refuses what no row can hold', async () => {
    const sealer = await sealerOf('a');
    const noise = new Uint8Array(1_500_000);
    for (let at = 0; at < noise.length; at += 60_000) crypto.getRandomValues(noise.subarray(at, at + 60_000));
    const tooLarge = (error: unknown) => error instanceof Fault && error.code === 'request.too_large';
    await assert.rejects(sealer.sealBytes('kind', 'id', noise), tooLarge);
  });

  it('stores repetitive content small', async () => {
    const sealer = await sealerOf('a');
    assert((await sealer.seal('kind', 'id', 'x'.repeat(100_000))).length < 1000);
  });
});

describe('root keys', () => {
  it('open a data key for the tenant it was wrapped for only', async () => {
    const roots = rootKeys(root);
    const { wrapped } = await newDataKey(roots, 'a', 'k1');
    assert.equal((await roots.unwrap('a', wrapped)).length, 32);
    await assert.rejects(roots.unwrap('b', wrapped), unreadable);
  });

  it('of a rotation open what the former one wrapped, and wrap with the new one', async () => {
    const fresh = new Uint8Array(32).fill(2);
    const { wrapped } = await newDataKey(rootKeys(root), 'a', 'k1');
    await assert.rejects(rootKeys(fresh).unwrap('a', wrapped), unreadable);
    const both = rootKeys(fresh, [root]);
    await both.unwrap('a', wrapped);
    const next = await newDataKey(both, 'a', 'k2');
    await rootKeys(fresh).unwrap('a', next.wrapped);
  });

  it('have 32 bytes', async () => {
    const short = rootKeys(new Uint8Array(31));
    await assert.rejects(
      newDataKey(short, 'a', 'k1'),
      (error: unknown) => error instanceof Fault && error.code === 'internal',
    );
  });
});
