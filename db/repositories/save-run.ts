import { type SQL, sql } from 'drizzle-orm';
import { Fault } from '../../engine/fault.ts';
import { auditRow, type Context } from '../context.ts';
import { newWriteId } from '../ids.ts';
import type { JournalEntry, Lease, LoadedRun, Rendering, RunSave, RunStep, Saved } from '../model/run.ts';
import type { Json, Millis, OutboxMessage } from '../model/shared.ts';
import { journalId, runItemOf, stepId } from '../rows/run.ts';
import { inParts, insert, jsonRows, stamped } from '../statement.ts';
import { publishStatement } from './applications.ts';
import { bundleStatements } from './bundles.ts';
import { leaseHeld, leaseLost, releaseStatement } from './leases.ts';

/** See `RunRepository.save`. */
export async function save(
  context: Context,
  loaded: LoadedRun,
  change: RunSave,
  now: Millis,
): Promise<Saved> {
  const { tenant, driver } = context;
  const { lease, run } = loaded;
  if (lease.tenant !== tenant) throw leaseLost();
  const writeId = newWriteId();
  const held = stamped('run', { tenant, id: run.id }, writeId);
  const sealer = await context.sealer();
  const bundles = change.bundles ?? [];
  const parts = [
    await stepStatements(context, run.id, change.steps ?? [], held),
    consumeStatements(context, run.id, change, { now, held }),
    await progressStatements(context, loaded, { notes: change.progress ?? [], now }, held),
    await journalStatements(context, run.id, change.journal ?? [], held),
    (change.renderings ?? []).map((one) =>
      renderingStatement(context, run.id, { rendering: one, now }, held),
    ),
    await bundleStatements(context, loaded, bundles, held),
    change.services === undefined
      ? []
      : [
          sql`UPDATE application SET services = ${await sealer.seal('application.services', run.application, change.services)}
            WHERE tenant = ${tenant} AND uid = ${run.application} AND ${held}`,
        ],
    change.publicStatus === undefined
      ? []
      : [publishStatement(context, run.application, JSON.stringify(change.publicStatus), held)],
    [
      sql`DELETE FROM outbox WHERE tenant = ${tenant} AND kind = 'run.advance' AND subject = ${run.id}
        ${change.finished ? sql`` : sql`AND version <= ${loaded.outboxVersion}`} AND ${held}`,
    ],
    change.finished ? finishStatements(context, loaded, change, held) : [],
    change.remove === true ? removeStatements(context, loaded, now, held) : [],
    change.release ? [releaseStatement(lease, held)] : [],
  ];
  const head = headStatement(lease, loaded, change, {
    now,
    writeId,
    state: await sealer.seal('run.state', run.id, change.state),
  });
  const [won] = await driver.batch([head, ...parts.flat()]);
  const row = won?.rows[0];
  if (row === undefined) throw await refusal(context, loaded, change, now);
  const saved = { ...runItemOf(row), state: change.state };
  const again = change.release && saved.dueAt !== undefined && saved.dueAt <= now;
  const messages: OutboxMessage[] = bundles.map(({ cluster }) => ({
    kind: 'agent.wake',
    tenant: cluster.owner,
    subject: cluster.id,
  }));
  if (again) messages.push({ kind: 'run.advance', tenant, subject: run.id });
  return { run: saved, messages };
}

/** The guard of the whole batch. An event that came since the load makes the run due at once. */
function headStatement(
  lease: Lease,
  { run }: LoadedRun,
  change: RunSave,
  { now, writeId, state }: { now: Millis; writeId: string; state: string },
): SQL {
  const { tenant } = lease;
  const due = change.finished ? null : (change.dueAt ?? null);
  const pending = sql`EXISTS (SELECT 1 FROM run_event e WHERE e.tenant = ${tenant} AND e.run = ${run.id}
    AND e.consumed_at IS NULL AND e.seq > ${change.consumedTo ?? 0})`;
  const dueAt = change.finished
    ? sql`NULL`
    : sql`CASE WHEN ${pending} THEN CAST(${now} AS bigint) ELSE CAST(${due} AS bigint) END`;
  const empty = change.remove === true ? sql`AND ${inventoryEmpty(lease)}` : sql``;
  const unpacked = sql`EXISTS (SELECT 1 FROM journal j WHERE j.tenant = ${tenant} AND j.run = ${run.id})`;
  const hasJournal = (change.journal ?? []).length > 0 ? sql`1 = 1` : unpacked;
  const packedAt = change.finished
    ? sql`CASE WHEN ${hasJournal} THEN NULL ELSE CAST(${now} AS bigint) END`
    : sql`NULL`;
  return sql`UPDATE run SET phase = ${change.phase}, state = ${state}, version = version + 1, attempt = 0,
    write_id = ${writeId}, due_at = ${dueAt}, started_at = COALESCE(started_at, ${now}),
    finished_at = ${change.finished ? now : null}, packed_at = ${packedAt}
    WHERE tenant = ${tenant} AND id = ${run.id} AND version = ${run.version} AND finished_at IS NULL
      AND EXISTS (SELECT 1 FROM application a WHERE ${leaseHeld(lease, now, 'a')}) ${empty} RETURNING *`;
}

function inventoryEmpty(lease: Lease): SQL {
  return sql`NOT EXISTS (SELECT 1 FROM inventory i WHERE i.tenant = ${lease.tenant} AND i.application = ${lease.application})`;
}

async function refusal(context: Context, loaded: LoadedRun, change: RunSave, now: Millis): Promise<Fault> {
  if (change.remove !== true) return leaseLost();
  const [row] = await context.driver.all(
    sql`SELECT 1 AS held FROM application a WHERE ${leaseHeld(loaded.lease, now, 'a')} AND NOT (${inventoryEmpty(loaded.lease)})`,
  );
  return row === undefined ? leaseLost() : new Fault('store.conflict', 'The application still has objects.');
}

async function stepStatements(
  context: Context,
  run: string,
  steps: readonly RunStep[],
  when: SQL,
): Promise<readonly SQL[]> {
  const { tenant, driver } = context;
  const sealer = await context.sealer();
  const rows = await Promise.all(
    steps.map(async ({ step, placement, ...rest }) => ({
      step,
      cluster: placement.cluster,
      namespace: placement.namespace,
      replica_key: placement.replicaKey,
      position: rest.position,
      type: rest.type,
      phase: rest.phase,
      reason: rest.reason,
      message:
        rest.message === ''
          ? null
          : await sealer.seal('run_step.message', stepId(run, step, placement), rest.message),
      attempt: rest.attempt,
      first_at: rest.firstAt ?? null,
      last_at: rest.lastAt ?? null,
    })),
  );
  const columns = {
    step: 'text',
    cluster: 'text',
    namespace: 'text',
    replica_key: 'text',
    position: 'whole',
    type: 'text',
    phase: 'text',
    reason: 'text',
    message: 'text',
    attempt: 'whole',
    first_at: 'whole',
    last_at: 'whole',
  } as const;
  const names = Object.keys(columns);
  const picks = sql.raw(names.map((name) => `v.${name}`).join(', '));
  const changes = sql.raw(
    names
      .slice(4)
      .map((name) => `${name} = excluded.${name}`)
      .join(', '),
  );
  return inParts(rows).map(
    (part) => sql`INSERT INTO run_step (tenant, run, ${sql.raw(names.join(', '))})
      SELECT ${tenant}, ${run}, ${picks} FROM ${jsonRows(driver.dialect, part, columns)} WHERE ${when}
      ON CONFLICT (tenant, run, step, cluster, namespace, replica_key) DO UPDATE SET ${changes}`,
  );
}

/** A finished run is told nothing more: what came since the load is void with it. */
function consumeStatements(
  context: Context,
  run: string,
  change: RunSave,
  { now, held }: { now: Millis; held: SQL },
): readonly SQL[] {
  if (change.consumedTo === undefined && !change.finished) return [];
  const upTo = change.finished ? sql`` : sql`AND seq <= ${change.consumedTo ?? 0}`;
  return [
    sql`UPDATE run_event SET consumed_at = ${now} WHERE tenant = ${context.tenant} AND run = ${run} ${upTo}
      AND consumed_at IS NULL AND ${held}`,
  ];
}

/** Notes for those who watch: events that are consumed as they are written. */
async function progressStatements(
  context: Context,
  { run }: LoadedRun,
  { notes, now }: { notes: readonly Json[]; now: Millis },
  when: SQL,
): Promise<readonly SQL[]> {
  if (notes.length === 0) return [];
  const { tenant, driver } = context;
  const sealer = await context.sealer();
  const rows = await Promise.all(
    notes.map(async (note, i) => ({
      n: i + 1,
      payload: await sealer.seal('run_event.payload', run.application, note),
    })),
  );
  const values = jsonRows(driver.dialect, rows, { n: 'whole', payload: 'text' });
  return [
    sql`UPDATE application SET event_seq = event_seq + ${notes.length}
      WHERE tenant = ${tenant} AND uid = ${run.application} AND ${when}`,
    sql`INSERT INTO run_event (tenant, application, seq, run, kind, payload, created_at, consumed_at)
      SELECT a.tenant, a.uid, a.event_seq - ${notes.length} + v.n, ${run.id}, 'progress', v.payload, ${now}, ${now}
      FROM application a CROSS JOIN ${values} WHERE a.tenant = ${tenant} AND a.uid = ${run.application} AND ${when}`,
  ];
}

export async function journalStatements(
  context: Context,
  run: string,
  entries: readonly JournalEntry[],
  when: SQL,
): Promise<readonly SQL[]> {
  const sealer = await context.sealer();
  return Promise.all(
    entries.map(async (entry) =>
      insert(
        'journal',
        {
          tenant: context.tenant,
          run,
          step: entry.step,
          path: entry.path,
          hash: entry.hash,
          attempt: entry.attempt,
          kind: entry.kind,
          result: await sealer.seal('journal.result', journalId(run, entry), entry.result),
          created_at: entry.createdAt,
        },
        when,
        sql`ON CONFLICT DO NOTHING`,
      ),
    ),
  );
}

function renderingStatement(
  context: Context,
  run: string,
  { rendering, now }: { rendering: Rendering; now: Millis },
  when: SQL,
): SQL {
  const { cluster, namespace, replicaKey } = rendering.placement;
  const row = {
    tenant: context.tenant,
    run,
    cluster,
    namespace,
    replica_key: replicaKey,
    objects: rendering.objects,
    count: rendering.count,
    created_at: now,
  };
  const again = sql`ON CONFLICT (tenant, run, cluster, namespace, replica_key)
    DO UPDATE SET objects = excluded.objects, count = excluded.count`;
  return insert('rendering', row, when, again);
}

function finishStatements(context: Context, { run }: LoadedRun, change: RunSave, when: SQL): readonly SQL[] {
  const detail = { application: run.application, revision: run.revision, phase: change.phase };
  const actor = { kind: 'system', id: 'worker' } as const;
  return auditRow(
    context,
    { actor, action: 'run.finish', subjectKind: 'run', subject: run.id, detail },
    when,
  );
}

/** The row stays, without its name, until its time takes it away: its runs can still be read. */
function removeStatements(context: Context, { run }: LoadedRun, now: Millis, when: SQL): readonly SQL[] {
  const { tenant } = context;
  const key = sql`tenant = ${tenant} AND application = ${run.application} AND ${when}`;
  const actor = { kind: 'system', id: 'worker' } as const;
  return [
    sql`UPDATE application SET state = 'removed', removed_at = ${now}, updated_at = ${now}, services = NULL
      WHERE tenant = ${tenant} AND uid = ${run.application} AND ${when}`,
    sql`DELETE FROM application_label WHERE ${key}`,
    sql`DELETE FROM bundle WHERE ${key}`,
    sql`DELETE FROM outbox WHERE tenant = ${tenant} AND kind = 'application.observe' AND subject = ${run.application} AND ${when}`,
    sql`UPDATE run SET phase = 'superseded', finished_at = ${now}, packed_at = ${now}, due_at = NULL
      WHERE ${key} AND finished_at IS NULL`,
    ...auditRow(
      context,
      { actor, action: 'application.remove', subjectKind: 'application', subject: run.application },
      when,
    ),
  ];
}
