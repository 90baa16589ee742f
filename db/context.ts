import { type SQL, sql } from 'drizzle-orm';
import { Fault } from '../engine/fault.ts';
import type { TenantId } from '../engine/ids.ts';
import type { Driver } from './drivers/driver.ts';
import type { Actor, JsonObject } from './model/shared.ts';
import type { Sealer } from './sealing.ts';
import { insert } from './statement.ts';
import type { Clock } from './stores.ts';

/** What each repository of a tenant works with. */
export interface Context {
  readonly tenant: TenantId;
  readonly driver: Driver;
  readonly clock: Clock;
  /** Opens the tenant's data keys once. Fault `resource.not_found` when there is no such tenant. */
  sealer(): Promise<Sealer>;
}

export interface AuditEntry {
  readonly actor: Actor;
  /** `<aggregate>.<verb>`. */
  readonly action: string;
  readonly subjectKind: string;
  readonly subject: string;
  /** No secrets: it is stored as it stands. */
  readonly detail?: JsonObject;
}

/**
 * Two statements: the tenant's next number, which also puts concurrent writers in order, and the row with it. Decisions are
 * audited; what the service does by itself stands in the run's events.
 */
export function auditRow(context: Context, entry: AuditEntry, when: SQL): readonly SQL[] {
  const { tenant } = context;
  return [
    sql`UPDATE tenant SET audit_seq = audit_seq + 1 WHERE id = ${tenant} AND ${when}`,
    insert(
      'audit',
      {
        tenant,
        seq: sql`(SELECT audit_seq FROM tenant WHERE id = ${tenant})`,
        at: context.clock.now(),
        actor_kind: entry.actor.kind,
        actor_id: entry.actor.id,
        action: entry.action,
        subject_kind: entry.subjectKind,
        subject: entry.subject,
        detail: JSON.stringify(entry.detail ?? {}),
        seal: undefined,
      },
      when,
    ),
  ];
}

export function preconditionFailed(what: string): Fault {
  return new Fault('request.precondition', `${what} was changed by someone else. Read it again.`);
}

export function taken(what: string): Fault {
  return new Fault('resource.conflict', what);
}

/** How often a lost race is tried again before the caller hears of it. */
const tries = 5;

/** Repeats an optimistic write: `undefined` of it means that it lost, as does Fault `store.conflict`. */
export async function untilWon<T>(attempt: () => Promise<T | undefined>): Promise<T> {
  for (let n = 1; ; n++) {
    try {
      const won = await attempt();
      if (won !== undefined) return won;
    } catch (error) {
      if (n >= tries || !(error instanceof Fault) || error.code !== 'store.conflict') throw error;
      continue;
    }
    if (n >= tries) throw new Fault('store.conflict', 'Too many changes at once. Try again.');
  }
}
