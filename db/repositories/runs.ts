import { sql } from 'drizzle-orm';
import { Fault } from '../../engine/fault.ts';
import type { ApplicationUid, RunId } from '../../engine/ids.ts';
import { auditRow, type Context, preconditionFailed, taken, untilWon } from '../context.ts';
import { pageLimit, readCursor, writePage } from '../cursor.ts';
import { newWriteId } from '../ids.ts';
import type { NewRunEvent, RunEvent, RunKind, StartedRun } from '../model/run.ts';
import type { Actor, OutboxMessage } from '../model/shared.ts';
import { headOf } from '../rows/application.ts';
import { id, isObject, text, whole } from '../rows/read.ts';
import { eventOf, renderingOf, runItemOf, runOf, stepOf } from '../rows/run.ts';
import { stamped } from '../statement.ts';
import type { RunRepository } from '../stores-run.ts';
import { advanceMessages, newRunStatements, tellStatements } from './announce.ts';
import { releaseLease, renewLease, takeLease } from './leases.ts';
import { load } from './load-run.ts';
import { save } from './save-run.ts';
import { selectApplication, selectSteps } from './select.ts';

export function runRepository(context: Context): RunRepository {
  const { tenant, driver } = context;
  const selectRun = (run: RunId) => sql`SELECT * FROM run WHERE tenant = ${tenant} AND id = ${run}`;
  return {
    async get(run) {
      const [row] = await driver.all(selectRun(run));
      return row === undefined ? undefined : runOf(row, await context.sealer());
    },
    async view(run) {
      const [found, steps] = await driver.batch([selectRun(run), selectSteps(tenant, run)]);
      const row = found?.rows[0];
      if (row === undefined) return undefined;
      const sealer = await context.sealer();
      return {
        run: await runOf(row, sealer),
        steps: await Promise.all((steps?.rows ?? []).map((step) => stepOf(step, sealer))),
      };
    },
    async list(filter, page) {
      const sealer = await context.sealer();
      const unfinished = filter.unfinished === true;
      const listing = { list: 'runs', filter: { application: filter.application ?? null, unfinished } };
      const before = (await readCursor(sealer, listing, page))?.[0];
      const limit = pageLimit(page);
      const behind = before === undefined ? sql`` : sql`AND id < ${before}`;
      const ofApplication =
        filter.application === undefined ? sql`` : sql`AND application = ${filter.application}`;
      const open = unfinished ? sql`AND finished_at IS NULL` : sql``;
      const rows = await driver.all(
        sql`SELECT * FROM run WHERE tenant = ${tenant} ${behind} ${ofApplication} ${open}
          ORDER BY id DESC LIMIT ${limit + 1}`,
      );
      return writePage(sealer, listing, rows, { limit, item: runItemOf, keyset: (row) => [text(row, 'id')] });
    },
    async renderings(run) {
      const rows = await driver.all(
        sql`SELECT * FROM rendering WHERE tenant = ${tenant} AND run = ${run} ORDER BY cluster, namespace, replica_key`,
      );
      return rows.map(renderingOf);
    },
    async renderedBy(application, revision) {
      const [row] = await driver.all(selectRenderedBy(tenant, application, revision));
      return row === undefined ? undefined : id('run', row, 'id');
    },
    lease: (request) => takeLease(context, request),
    renew: (lease, now, ttlMs) => renewLease(context, lease, now, ttlMs),
    release: (lease, retryAt) => releaseLease(context, lease, retryAt),
    load: (lease, now) => load(context, lease, now),
    save: (loaded, change, now) => save(context, loaded, change, now),
    tell: (actor, run, event) =>
      untilWon(async () => ({ told: await tell(context, actor, run, event) })).then((w) => w.told),
    restart: (actor, application, run) =>
      start(context, actor, { application, run, kind: 'apply', action: 'application.restart' }),
    startRollback: (actor, rollback) =>
      start(context, actor, { ...rollback, kind: 'rollback', action: 'application.rollback' }),
  };
}

function selectRenderedBy(tenant: string, application: ApplicationUid, revision: number) {
  return sql`SELECT r.id FROM run r WHERE r.tenant = ${tenant} AND r.application = ${application} AND r.revision = ${revision}
    AND EXISTS (SELECT 1 FROM rendering p WHERE p.tenant = r.tenant AND p.run = r.id) ORDER BY r.number DESC LIMIT 1`;
}

async function tell(
  context: Context,
  actor: Actor,
  run: RunId,
  event: NewRunEvent,
): Promise<{ readonly event: RunEvent; readonly messages: readonly OutboxMessage[] } | undefined> {
  const { tenant, driver } = context;
  // which Application a run belongs to never changes
  const [row] = await driver.all(sql`SELECT application FROM run WHERE tenant = ${tenant} AND id = ${run}`);
  if (row === undefined) return undefined;
  const application = id('application', row, 'application');
  const writeId = newWriteId();
  const held = stamped('run', { tenant, id: run }, writeId);
  const command = isObject(event.payload) ? event.payload.command : undefined;
  const action =
    event.kind === 'command' && typeof command === 'string' ? `run.${command}` : `run.${event.kind}`;
  const results = await driver.batch([
    sql`UPDATE run SET write_id = ${writeId} WHERE tenant = ${tenant} AND id = ${run} AND finished_at IS NULL`,
    ...(await tellStatements(context, application, event, held, run)),
    ...auditRow(context, { actor, action, subjectKind: 'run', subject: run, detail: { application } }, held),
    sql`SELECT e.* FROM run_event e JOIN application a ON a.tenant = e.tenant AND a.uid = e.application
      AND a.event_seq = e.seq WHERE e.tenant = ${tenant} AND e.application = ${application} AND e.run = ${run} AND ${held}`,
  ]);
  const told = results.at(-1)?.rows[0];
  if (results[0]?.changes !== 1 || told === undefined) return undefined;
  return { event: await eventOf(told, await context.sealer()), messages: advanceMessages(tenant, results) };
}

interface Start {
  readonly application: ApplicationUid;
  readonly run: RunId;
  readonly kind: Extract<RunKind, 'apply' | 'rollback'>;
  readonly action: string;
  /** Of a rollback. */
  readonly revision?: number;
  readonly expectResourceVersion?: number | undefined;
}

function start(context: Context, actor: Actor, asked: Start): Promise<StartedRun | undefined> {
  return untilWon(async () => ({ started: await tryStart(context, actor, asked) })).then(
    (won) => won.started,
  );
}

/** Faults and answers of `restart` and `startRollback`; Fault `store.conflict` when another change came between. */
async function tryStart(context: Context, actor: Actor, asked: Start): Promise<StartedRun | undefined> {
  const { tenant, driver } = context;
  const uid = asked.application;
  const [found, wanted, rendered] = await driver.batch([
    selectApplication(tenant, uid),
    sql`SELECT spec_hash FROM revision WHERE tenant = ${tenant} AND application = ${uid} AND number = ${asked.revision ?? 0}`,
    selectRenderedBy(tenant, uid, asked.revision ?? 0),
  ]);
  const row = found?.rows[0];
  if (row === undefined) return undefined;
  const head = headOf(row);
  const name = `The application ${head.namespace}/${head.name}`;
  if (head.state === 'deleting') throw taken(`${name} is being deleted.`);
  if (asked.expectResourceVersion !== undefined && asked.expectResourceVersion !== head.resourceVersion) {
    throw preconditionFailed(name);
  }
  const hash = wanted?.rows[0];
  if (asked.kind === 'rollback' && hash === undefined) return undefined;
  const by = rendered?.rows[0];
  if (asked.kind === 'rollback' && by === undefined) {
    throw taken(`Revision ${asked.revision} of ${head.namespace}/${head.name} was never rendered.`);
  }
  const revision = asked.revision ?? head.revision;
  const specHash = hash === undefined ? head.specHash : text(hash, 'spec_hash');
  const number = whole(row, 'run_count') + 1;
  const writeId = newWriteId();
  const held = stamped('application', { tenant, uid }, writeId);
  const renderedBy = by === undefined ? undefined : id('run', by, 'id');
  const run = { id: asked.run, application: uid, number, revision, kind: asked.kind, renderedBy };
  const detail = { namespace: head.namespace, name: head.name, revision, run: asked.run };
  const results = await driver.batch([
    sql`UPDATE application SET revision = ${revision}, spec_hash = ${specHash}, run = ${asked.run}, run_count = ${number},
      generation = generation + ${revision === head.revision ? 0 : 1}, resource_version = resource_version + 1,
      updated_at = ${context.clock.now()}, write_id = ${writeId}
      WHERE tenant = ${tenant} AND uid = ${uid} AND resource_version = ${head.resourceVersion} AND state = 'active'`,
    ...(await newRunStatements(context, run, held)),
    ...auditRow(
      context,
      { actor, action: asked.action, subjectKind: 'application', subject: uid, detail },
      held,
    ),
  ]);
  if (results[0]?.changes !== 1) throw new Fault('store.conflict', 'Another change came first. Try again.');
  return {
    run: asked.run,
    application: uid,
    revision,
    resourceVersion: head.resourceVersion + 1,
    messages: advanceMessages(tenant, results),
  };
}
