/** Statements that make runs, tell them things and announce it: parts of the batches of others. */
import { type SQL, sql } from 'drizzle-orm';
import type { ApplicationUid, RunId, TenantId } from '../../engine/ids.ts';
import type { Context } from '../context.ts';
import type { BatchResult } from '../drivers/driver.ts';
import { newWriteId } from '../ids.ts';
import type { NewRunEvent, RunKind } from '../model/run.ts';
import type { OutboxKind, OutboxMessage } from '../model/shared.ts';
import { id } from '../rows/read.ts';
import { insert } from '../statement.ts';

/** How long whoever wrote a message has to send it before the sweep does. */
const graceMs = 5_000;

export interface NewRun {
  readonly id: RunId;
  readonly application: ApplicationUid;
  readonly number: number;
  readonly revision: number;
  readonly kind: RunKind;
  readonly renderedBy?: RunId | undefined;
}

/** The run, and the event `submitted` to it and to those that it supersedes. */
export async function newRunStatements(context: Context, run: NewRun, when: SQL): Promise<readonly SQL[]> {
  const now = context.clock.now();
  const row = {
    tenant: context.tenant,
    id: run.id,
    application: run.application,
    number: run.number,
    revision: run.revision,
    kind: run.kind,
    rendered_by: run.renderedBy,
    phase: 'queued',
    state: undefined,
    version: 0,
    attempt: 0,
    due_at: now,
    write_id: newWriteId(),
    created_at: now,
    started_at: undefined,
    finished_at: undefined,
    journal_blob: undefined,
    packed_at: undefined,
  };
  const payload = { run: run.id, revision: run.revision, kind: run.kind };
  const told = await tellStatements(context, run.application, { kind: 'submitted', payload }, when);
  return [insert('run', row, when), ...told];
}

/**
 * Tells each unfinished run of an Application (or only `run`): an event with the next number, due now, and announced. Their ids
 * are in the results (`advanceMessages`).
 */
export async function tellStatements(
  context: Context,
  application: ApplicationUid,
  event: NewRunEvent,
  when: SQL,
  run?: RunId,
): Promise<readonly SQL[]> {
  const { tenant } = context;
  const now = context.clock.now();
  const sealer = await context.sealer();
  const payload = await sealer.seal('run_event.payload', application, event.payload);
  const one = run === undefined ? sql`` : sql`AND run.id = ${run}`;
  const told = sql`run.tenant = ${tenant} AND run.application = ${application} AND run.finished_at IS NULL ${one} AND ${when}`;
  return [
    sql`UPDATE application SET event_seq = event_seq + (SELECT count(*) FROM run WHERE ${told})
      WHERE tenant = ${tenant} AND uid = ${application}`,
    sql`INSERT INTO run_event (tenant, application, seq, run, kind, payload, created_at)
      SELECT run.tenant, run.application, a.event_seq + 1 - row_number() OVER (ORDER BY run.number DESC), run.id,
        ${event.kind}, ${payload}, ${now}
      FROM run JOIN application a ON a.tenant = run.tenant AND a.uid = run.application WHERE ${told}`,
    ...dueStatements(context, told, now),
  ];
}

/** Makes runs due and announces each. `which`: a condition over `run`. */
export function dueStatements(context: Context, which: SQL, sendAt: number): readonly SQL[] {
  const now = context.clock.now();
  return [
    sql`UPDATE run SET due_at = CASE WHEN due_at IS NULL OR due_at > ${now} THEN ${now} ELSE due_at END
      WHERE ${which} RETURNING id AS advance_run`,
    sql`INSERT INTO outbox (tenant, kind, subject, version, send_at, attempts, created_at)
      SELECT run.tenant, 'run.advance', run.id, ${firstVersion(now)}, ${sendAt + graceMs}, 0, ${now} FROM run WHERE ${which}
      ${announceAgain}`,
  ];
}

/**
 * Versions of a later announcement are above all of an earlier one of the same subject that was done and taken away: whoever
 * still works on the earlier one must not take the later one away.
 */
function firstVersion(now: number): number {
  return now * 1000;
}

/** An equal announcement waits already: its version says that there is more to do, and it is overdue no later. */
export const announceAgain = sql`ON CONFLICT (tenant, kind, subject) DO UPDATE SET version = outbox.version + 1, attempts = 0,
  send_at = CASE WHEN outbox.send_at < excluded.send_at THEN outbox.send_at ELSE excluded.send_at END`;

/** Announces work of another kind. */
export function announce(context: Context, kind: OutboxKind, subject: string, when: SQL): SQL {
  const now = context.clock.now();
  const row = {
    tenant: context.tenant,
    kind,
    subject,
    version: firstVersion(now),
    send_at: now + graceMs,
    attempts: 0,
    created_at: now,
  };
  return insert('outbox', row, when, announceAgain);
}

/** The runs that a batch made due, oldest first: the older ones must finish before a newer one may begin. */
export function advanceMessages(tenant: TenantId, results: readonly BatchResult[]): readonly OutboxMessage[] {
  return results
    .flatMap((result) => result.rows)
    .filter((row) => row.advance_run !== undefined)
    .map((row) => id('run', row, 'advance_run'))
    .sort()
    .map((subject) => ({ kind: 'run.advance', tenant, subject }));
}
