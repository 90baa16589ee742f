import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { sql } from 'drizzle-orm';
import { toQuery } from '../../db/drivers/driver.ts';
import { always, inParts, insert, jsonRows } from '../../db/statement.ts';

describe('a statement', () => {
  it('is one text for both dialects but for its placeholders', () => {
    const statement = insert('write_assert', { tenant: 'a', held: 1 }, sql`${'x'} = ${'y'}`);
    const expected = ['a', 1, 'x', 'y'];
    assert.deepEqual(toQuery(statement, 'sqlite'), {
      sql: 'INSERT INTO write_assert (tenant, held) SELECT ?, ? WHERE ? = ? ',
      params: expected,
    });
    assert.deepEqual(toQuery(statement, 'pg'), {
      sql: 'INSERT INTO write_assert (tenant, held) SELECT $1, $2 WHERE $3 = $4 ',
      params: expected,
    });
  });

  it('leaves out what is undefined', () => {
    const row = { tenant: 'a', address: 'b', n: 0, data: 'c' };
    assert.doesNotMatch(toQuery(insert('blob_chunk', row, always), 'pg').sql, /undefined/);
    const query = toQuery(
      insert('directory', { kind: 'k', id: 'i', tenant: 't', shard: 's', target: 'x' }, always),
      'sqlite',
    );
    assert.deepEqual(query.params, ['k', 'i', 't', 's', 'x']);
  });

  it('carries many rows in one parameter', () => {
    const rows = Array.from({ length: 500 }, (_, n) => ({ name: `n${n}`, n }));
    for (const dialect of ['sqlite', 'pg'] as const) {
      const query = toQuery(jsonRows(dialect, rows, { name: 'text', n: 'whole' }), dialect);
      assert.deepEqual(query.params, [JSON.stringify(rows)]);
    }
  });
});

describe('inParts', () => {
  it('keeps every row, in order, under the limit', () => {
    const rows = Array.from({ length: 300 }, (_, n) => ({ text: 'x'.repeat(n) }));
    const parts = inParts(rows, 2000);
    assert.deepEqual(parts.flat(), rows);
    for (const part of parts) assert(part.length === 1 || JSON.stringify(part).length <= 2002);
    assert(parts.length > 20);
  });

  it('gives a row over the limit a part of its own, and no part for no row', () => {
    assert.deepEqual(inParts(['x'.repeat(50), 'y'], 10), [['x'.repeat(50)], ['y']]);
    assert.deepEqual(inParts([]), []);
  });
});
