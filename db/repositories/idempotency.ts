import { type SQL, sql } from 'drizzle-orm';
import type { Context } from '../context.ts';
import { newWriteId } from '../ids.ts';
import { hashToken } from '../keys.ts';
import type { IdempotencyClaim, StoredResponse } from '../model/access.ts';
import type { Json } from '../model/shared.ts';
import { object, oneOf, text, textMap, unreadable } from '../rows/read.ts';
import type { Sealer } from '../sealing.ts';
import { always, insert } from '../statement.ts';
import type { IdempotencyRepository } from '../stores-access.ts';

/** As long as an answer may take before its key is free again. */
const lockMs = 60_000;
/** As long as an answer is given again. */
const keepMs = 24 * 60 * 60_000;

/** Stores the answer where `when` holds, for the batch that makes it. Changes nothing when the claim ran out. */
export async function completion(
  context: Context,
  claim: IdempotencyClaim,
  response: StoredResponse,
  when: SQL,
): Promise<SQL> {
  const sealer = await context.sealer();
  const json: Json = { status: response.status, headers: { ...response.headers }, body: response.body };
  const sealed = await sealer.seal('idempotency', claim.key, json);
  return sql`UPDATE idempotency SET state = 'completed', response = ${sealed}
    WHERE tenant = ${context.tenant} AND key = ${claim.key} AND token = ${claim.token} AND state = 'started' AND ${when}`;
}

/** Holds in a batch behind `completion` where the answer was stored. */
export function completed(context: Context, claim: IdempotencyClaim): SQL {
  return sql`EXISTS (SELECT 1 FROM idempotency WHERE tenant = ${context.tenant} AND key = ${claim.key}
    AND token = ${claim.token} AND state = 'completed')`;
}

async function responseOf(sealer: Sealer, key: string, sealed: string): Promise<StoredResponse> {
  const value = object(await sealer.open('idempotency', key, sealed), 'response');
  if (typeof value.status !== 'number' || typeof value.body !== 'string')
    throw unreadable('response', 'is incomplete');
  return { status: value.status, headers: textMap(value.headers, 'response'), body: value.body };
}

export function idempotencyRepository(context: Context): IdempotencyRepository {
  const { tenant, driver } = context;
  return {
    async begin(clientKey, requestHash, now) {
      const key = await hashToken(clientKey);
      const token = newWriteId();
      const row = {
        tenant,
        key,
        request_hash: requestHash,
        token,
        state: 'started',
        response: undefined,
        locked_until: now + lockMs,
        created_at: now,
        expires_at: now + keepMs,
      };
      const takeOver = sql`ON CONFLICT (tenant, key) DO UPDATE SET token = excluded.token, state = 'started',
        request_hash = excluded.request_hash, response = NULL, locked_until = excluded.locked_until,
        created_at = excluded.created_at, expires_at = excluded.expires_at
        WHERE idempotency.expires_at <= ${now} OR (idempotency.state = 'started'
          AND idempotency.locked_until <= ${now} AND idempotency.request_hash = excluded.request_hash)`;
      const [, read] = await driver.batch([
        insert('idempotency', row, always, takeOver),
        sql`SELECT * FROM idempotency WHERE tenant = ${tenant} AND key = ${key}`,
      ]);
      const stored = read?.rows[0];
      if (stored === undefined) throw unreadable('idempotency', 'is not there after its insert');
      if (text(stored, 'token') === token) return { outcome: 'begun', claim: { key, token } };
      if (text(stored, 'request_hash') !== requestHash) return { outcome: 'mismatch' };
      if (oneOf(stored, 'state', ['started', 'completed'] as const) === 'started')
        return { outcome: 'in_progress' };
      const sealer = await context.sealer();
      return { outcome: 'replay', response: await responseOf(sealer, key, text(stored, 'response')) };
    },
    async complete(claim, response) {
      const [done] = await driver.batch([await completion(context, claim, response, always)]);
      return done?.changes === 1;
    },
    async abandon(claim) {
      await driver.batch([
        sql`DELETE FROM idempotency WHERE tenant = ${tenant} AND key = ${claim.key} AND token = ${claim.token}
          AND state = 'started'`,
      ]);
    },
  };
}
