import { sql } from 'drizzle-orm';
import { Fault } from '../../engine/fault.ts';
import { type Bytes, concat, fromUtf8, utf8 } from '../bytes.ts';
import type { Context } from '../context.ts';
import type { BlobAddress } from '../model/shared.ts';
import { optionalText, text, unreadable, whole } from '../rows/read.ts';
import { always, insert } from '../statement.ts';
import type { BlobStore } from '../stores.ts';

const chunkBytes = 512 * 1024;
const maxBytes = 32 * 1024 * 1024;

export function blobStore(context: Context): BlobStore {
  const { tenant, driver, clock } = context;

  const put = async (content: Uint8Array): Promise<BlobAddress> => {
    if (content.length > maxBytes)
      throw new Fault('request.too_large', 'The content is too large to be stored.');
    const sealer = await context.sealer();
    const bytes: Bytes = new Uint8Array(content);
    const address = await sealer.address(bytes);
    const now = clock.now();
    const [known] = await driver.batch([
      sql`UPDATE blob SET touched_at = ${now} WHERE tenant = ${tenant} AND address = ${address}`,
    ]);
    if ((known?.changes ?? 0) > 0) return address;
    const chunks = Math.ceil(bytes.length / chunkBytes);
    const row = { tenant, address, size: bytes.length, chunks, created_at: now, touched_at: now };
    const touch = sql`ON CONFLICT (tenant, address) DO UPDATE SET touched_at = excluded.touched_at`;
    const statements = [insert('blob', row, always, touch)];
    for (let n = 0; n < chunks; n++) {
      const part = bytes.slice(n * chunkBytes, (n + 1) * chunkBytes);
      const data = await sealer.sealBytes('blob', `${address}/${n}`, part);
      statements.push(
        insert('blob_chunk', { tenant, address, n, data }, always, sql`ON CONFLICT DO NOTHING`),
      );
    }
    await driver.batch(statements);
    return address;
  };

  const get = async (address: BlobAddress): Promise<Bytes | undefined> => {
    const rows = await driver.all(
      sql`SELECT b.chunks, c.n, c.data FROM blob b
        LEFT JOIN blob_chunk c ON c.tenant = b.tenant AND c.address = b.address
        WHERE b.tenant = ${tenant} AND b.address = ${address} ORDER BY c.n`,
    );
    const [first] = rows;
    if (first === undefined) return undefined;
    const sealer = await context.sealer();
    const chunks = rows.filter((row) => optionalText(row, 'data') !== undefined);
    if (chunks.length !== whole(first, 'chunks')) throw unreadable('blob.chunks', 'does not match');
    const parts = await Promise.all(
      chunks.map((row) => sealer.openBytes('blob', `${address}/${whole(row, 'n')}`, text(row, 'data'))),
    );
    const bytes = concat(...parts);
    if ((await sealer.address(bytes)) !== address)
      throw unreadable('blob.address', 'does not match its content');
    return bytes;
  };

  return {
    put,
    get,
    putJson: (value) => put(utf8(JSON.stringify(value))),
    async getJson(address) {
      const bytes = await get(address);
      if (bytes === undefined) return undefined;
      try {
        return JSON.parse(fromUtf8(bytes)) as unknown;
      } catch {
        throw unreadable('blob', 'is not JSON');
      }
    },
  };
}
