import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { newId } from '../../db/ids.ts';
import { hashKey, hashToken, makeKey, randomText } from '../../db/keys.ts';
import { type IdKind, idPrefix, isId } from '../../engine/ids.ts';

describe('the text of a key', () => {
  it('begins with ms_, carries its id and is made once', () => {
    const id = newId('key', 1_800_000_000_000);
    const key = makeKey(id);
    assert.match(key, /^ms_[0-9a-z]{26}[0-9A-Za-z]{49}$/);
    assert.equal(key.slice(3, 29), id.slice(4));
    assert.notEqual(makeKey(id), key);
  });

  it('has a hash, which is SHA-256 of it', async () => {
    const key = makeKey(newId('key', 0));
    assert.equal(await hashKey(key), await hashToken(key));
    assert.match((await hashKey(key)) ?? '', /^[0-9a-f]{64}$/);
  });

  it('is told from a typing error at every place', async () => {
    const key = makeKey(newId('key', 0));
    for (let at = 3; at < key.length; at++) {
      const other = key[at] === '7' ? '8' : '7';
      assert.equal(await hashKey(key.slice(0, at) + other + key.slice(at + 1)), undefined, `at ${at}`);
    }
    for (let at = 3; at + 1 < key.length; at++) {
      if (key[at] === key[at + 1]) continue;
      const swapped = `${key.slice(0, at)}${key[at + 1]}${key[at]}${key.slice(at + 2)}`;
      assert.equal(await hashKey(swapped), undefined, `swapped at ${at}`);
    }
  });

  it('of any other form has no hash', async () => {
    for (const text of [
      '',
      'ms_',
      'Bearer x',
      `xx_${makeKey(newId('key', 0)).slice(3)}`,
      `${makeKey(newId('key', 0))} `,
      'x'.repeat(100_000),
    ]) {
      assert.equal(await hashKey(text), undefined);
    }
  });

  it('draws its characters evenly', () => {
    const counts = new Map<string, number>();
    for (const character of randomText(62_000)) counts.set(character, (counts.get(character) ?? 0) + 1);
    assert.equal(counts.size, 62);
    // 1000 expected, standard deviation 31: seven of them
    for (const [character, count] of counts) assert(count > 780 && count < 1220, `${character}: ${count}`);
  });
});

describe('a new id', () => {
  const kinds = Object.keys(idPrefix) as IdKind[];

  it('has the form of its kind and is unique', () => {
    for (const kind of kinds) {
      const ids = Array.from({ length: 100 }, () => newId(kind, 1_800_000_000_000));
      assert(ids.every((id) => isId(kind, id)));
      assert.equal(new Set(ids).size, 100);
    }
  });

  it('sorts by the time of its making, unless it is public', () => {
    const times = [0, 1, 31, 32, 1_000_000, 1_799_999_999_999, 1_800_000_000_000, 2 ** 48 - 1];
    for (const kind of kinds.filter((one) => one !== 'status')) {
      const ids = times.map((time) => newId(kind, time));
      assert.deepEqual(ids.toSorted(), ids);
    }
    const starts = Array.from({ length: 50 }, () => newId('status', 5).slice(0, 6));
    assert(new Set(starts).size > 10);
  });
});
