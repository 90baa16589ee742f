import { type SQL, sql } from 'drizzle-orm';
import { Fault } from '../../engine/fault.ts';
import { auditRow, type Context, preconditionFailed, taken, untilWon } from '../context.ts';
import type { Row } from '../drivers/driver.ts';
import { newWriteId } from '../ids.ts';
import type { ApplicationListItem, SubmitApplication, SubmittedApplication } from '../model/application.ts';
import type { Actor, Json } from '../model/shared.ts';
import { listItemOf, revisionId } from '../rows/application.ts';
import { whole } from '../rows/read.ts';
import { assertHeld, insert, jsonRows, stamped } from '../statement.ts';
import type { Submission, Submitted } from '../stores-application.ts';
import { advanceMessages, newRunStatements } from './announce.ts';
import { completed, completion } from './idempotency.ts';
import { prepareDefinitions } from './put-definitions.ts';
import { selectApplication, uidByName } from './select.ts';
import { shard } from './tenant.ts';

/** A batch of more statements than a Worker may make in one request (1000) would never be stored. */
const maxObjects = 50;

interface Existing {
  readonly item: ApplicationListItem;
  readonly runCount: number;
}

interface Prepared {
  readonly submitted: SubmittedApplication;
  readonly statements: readonly SQL[];
  /** Holds at the end of a batch that won this Application; absent when there was nothing to win. */
  readonly held?: SQL;
}

/** See `ApplicationRepository.submit`. */
export async function submit(context: Context, actor: Actor, submission: Submission): Promise<Submitted> {
  if (submission.applications.length + (submission.definitions?.length ?? 0) > maxObjects) {
    throw new Fault('request.too_large', `A submission has at most ${maxObjects} objects.`);
  }
  return untilWon(async () => {
    const existing = await readExisting(context, submission.applications);
    const brought = await prepareDefinitions(context, actor, submission.definitions ?? []);
    const definitions = brought.results.map((one) => {
      if (one.kind === 'refused') throw one.fault;
      return one;
    });
    const applications = await Promise.all(
      submission.applications.map((asked, n) => prepareApplication(context, actor, asked, existing[n])),
    );
    const submitted = applications.map((one) => one.submitted);
    const held = applications.flatMap((one) => one.held ?? []);
    const statements = [...brought.statements, ...applications.flatMap((one) => one.statements)];
    if (submission.idempotency !== undefined) {
      const { claim, respond } = submission.idempotency;
      statements.push(await completion(context, claim, respond(submitted), sql`1 = 1`));
      held.push(completed(context, claim));
    }
    // one each: D1 binds at most 100 parameters to a statement
    for (const condition of held) statements.push(assertHeld(context.tenant, condition));
    const results = statements.length === 0 ? [] : await batchOrClaimLost(context, submission, statements);
    return {
      applications: submitted,
      definitions: definitions.map(({ definition, outcome }) => ({ definition, outcome })),
      messages: advanceMessages(context.tenant, results),
    };
  });
}

/** A claim that ran out must not be tried again: its request is being answered by another. */
async function batchOrClaimLost(context: Context, submission: Submission, statements: readonly SQL[]) {
  try {
    return await context.driver.batch(statements);
  } catch (error) {
    const claim = submission.idempotency?.claim;
    if (claim === undefined || !(error instanceof Fault) || error.code !== 'store.conflict') throw error;
    const rows = await context.driver.all(
      sql`SELECT 1 AS mine FROM idempotency WHERE tenant = ${context.tenant} AND key = ${claim.key}
        AND token = ${claim.token} AND state = 'started'`,
    );
    if (rows.length > 0) throw error;
    throw new Fault(
      'idempotency.in_progress',
      'Another request with this Idempotency-Key is being answered.',
    );
  }
}

async function readExisting(
  context: Context,
  asked: readonly SubmitApplication[],
): Promise<readonly (Existing | undefined)[]> {
  if (asked.length === 0) return [];
  const { tenant, driver } = context;
  const queries = asked.map((one) => selectApplication(tenant, uidByName(tenant, one.namespace, one.name)));
  const results = await driver.batch(queries);
  const sealer = await context.sealer();
  const one = async (row: Row | undefined): Promise<Existing | undefined> =>
    row === undefined
      ? undefined
      : { item: await listItemOf(row, sealer), runCount: whole(row, 'run_count') };
  return Promise.all(results.map((result) => one(result.rows[0])));
}

function outcomeOf(
  asked: SubmitApplication,
  before: ApplicationListItem | undefined,
): SubmittedApplication['outcome'] {
  if (before === undefined) return 'created';
  if (asked.specHash !== before.specHash) return 'revised';
  if (asked.rerun === true) return 'rerun';
  const same =
    sameMap(asked.labels, before.labels) &&
    sameMap(asked.annotations, before.annotations) &&
    asked.statusVisibility === before.statusVisibility;
  return same ? 'unchanged' : 'relabelled';
}

function sameMap(a: Readonly<Record<string, string>>, b: Readonly<Record<string, string>>): boolean {
  const names = Object.keys(a);
  return (
    names.length === Object.keys(b).length &&
    names.every((name) => Object.hasOwn(b, name) && a[name] === b[name])
  );
}

async function prepareApplication(
  context: Context,
  actor: Actor,
  asked: SubmitApplication,
  existing: Existing | undefined,
): Promise<Prepared> {
  const before = existing?.item;
  const name = `The application ${asked.namespace}/${asked.name}`;
  if (before?.state === 'deleting') throw taken(`${name} is being deleted.`);
  if (asked.expectResourceVersion !== undefined && asked.expectResourceVersion !== before?.resourceVersion) {
    throw preconditionFailed(name);
  }
  const outcome = outcomeOf(asked, before);
  const revised = outcome === 'created' || outcome === 'revised';
  const submitted: SubmittedApplication = {
    uid: before?.uid ?? asked.uid,
    namespace: asked.namespace,
    name: asked.name,
    revision: revised ? (before?.latestRevision ?? 0) + 1 : (before?.revision ?? 1),
    generation: (before?.generation ?? 0) + (revised ? 1 : 0),
    resourceVersion: (before?.resourceVersion ?? 0) + (outcome === 'unchanged' ? 0 : 1),
    run: revised || outcome === 'rerun' ? asked.run : (before?.run ?? asked.run),
    status: before?.status ?? asked.status,
    statusVisibility: asked.statusVisibility,
    outcome,
  };
  if (outcome === 'unchanged') return { submitted, statements: [] };
  const writeId = newWriteId();
  const held = stamped('application', { tenant: context.tenant, uid: submitted.uid }, writeId);
  const number = (existing?.runCount ?? 0) + 1;
  const head = await headStatement(context, asked, submitted, { existing, writeId });
  const parts = [
    before === undefined
      ? statusStatements(context, submitted, held)
      : [visibilityStatement(context, submitted, held)],
    labelStatements(context, submitted.uid, asked.labels, held),
    revised ? [await revisionStatement(context, asked, submitted, held)] : [],
    submitted.run === asked.run
      ? await newRunStatements(
          context,
          { id: asked.run, application: submitted.uid, number, revision: submitted.revision, kind: 'apply' },
          held,
        )
      : [],
    auditRow(context, auditEntry(actor, submitted), held),
  ];
  return { submitted, statements: [head, ...parts.flat()], held };
}

function auditEntry(actor: Actor, submitted: SubmittedApplication) {
  const { namespace, name, revision, outcome, run } = submitted;
  const detail = { namespace, name, revision, outcome, run };
  return { actor, action: 'application.submit', subjectKind: 'application', subject: submitted.uid, detail };
}

async function headStatement(
  context: Context,
  asked: SubmitApplication,
  made: SubmittedApplication,
  { existing, writeId }: { existing: Existing | undefined; writeId: string },
): Promise<SQL> {
  const { tenant } = context;
  const now = context.clock.now();
  const sealer = await context.sealer();
  const metadata: Json = { labels: asked.labels, annotations: asked.annotations };
  const sealed = await sealer.seal('application.metadata', made.uid, metadata);
  const runCount = (existing?.runCount ?? 0) + (made.run === asked.run ? 1 : 0);
  const latest = Math.max(existing?.item.latestRevision ?? 0, made.revision);
  if (existing !== undefined) {
    return sql`UPDATE application SET generation = ${made.generation}, resource_version = ${made.resourceVersion},
      revision = ${made.revision}, latest_revision = ${latest}, spec_hash = ${asked.specHash}, metadata = ${sealed},
      run = ${made.run}, run_count = ${runCount}, updated_at = ${now}, write_id = ${writeId}
      WHERE tenant = ${tenant} AND uid = ${made.uid} AND resource_version = ${existing.item.resourceVersion} AND state = 'active'`;
  }
  const row = {
    tenant,
    uid: made.uid,
    namespace: made.namespace,
    name: made.name,
    state: 'active',
    generation: made.generation,
    resource_version: made.resourceVersion,
    revision: made.revision,
    latest_revision: latest,
    spec_hash: asked.specHash,
    metadata: sealed,
    services: undefined,
    run: made.run,
    run_count: runCount,
    status: made.status,
    event_seq: 0,
    lease_owner: undefined,
    lease_run: undefined,
    lease_until: undefined,
    epoch: 0,
    write_id: writeId,
    created_at: now,
    updated_at: now,
    deletion_requested_at: undefined,
    removed_at: undefined,
  };
  return insert(
    'application',
    row,
    sql`NOT EXISTS (SELECT 1 FROM application WHERE tenant = ${tenant}
    AND namespace = ${made.namespace} AND name = ${made.name} AND removed_at IS NULL)`,
  );
}

function statusStatements(context: Context, made: SubmittedApplication, when: SQL): readonly SQL[] {
  const { tenant } = context;
  const row = {
    tenant,
    id: made.status,
    application: made.uid,
    visibility: made.statusVisibility,
    summary: '{}',
    version: 1,
    write_id: newWriteId(),
    updated_at: context.clock.now(),
  };
  const entry = { kind: 'status', id: made.status, tenant, shard, target: made.uid };
  return [insert('status', row, when), insert('directory', entry, when)];
}

function visibilityStatement(context: Context, made: SubmittedApplication, when: SQL): SQL {
  return sql`UPDATE status SET visibility = ${made.statusVisibility}
    WHERE tenant = ${context.tenant} AND id = ${made.status} AND visibility <> ${made.statusVisibility} AND ${when}`;
}

function labelStatements(
  context: Context,
  uid: string,
  labels: Readonly<Record<string, string>>,
  when: SQL,
): readonly SQL[] {
  const { tenant, driver } = context;
  const drop = sql`DELETE FROM application_label WHERE tenant = ${tenant} AND application = ${uid} AND ${when}`;
  const rows = Object.entries(labels).map(([name, value]) => ({ name, value }));
  if (rows.length === 0) return [drop];
  const values = jsonRows(driver.dialect, rows, { name: 'text', value: 'text' });
  return [
    drop,
    sql`INSERT INTO application_label (tenant, application, name, value)
      SELECT ${tenant}, ${uid}, v.name, v.value FROM ${values} WHERE ${when}`,
  ];
}

async function revisionStatement(
  context: Context,
  asked: SubmitApplication,
  made: SubmittedApplication,
  when: SQL,
): Promise<SQL> {
  const sealer = await context.sealer();
  const content: Json = {
    spec: asked.spec,
    labels: asked.labels,
    annotations: asked.annotations,
    ...(asked.extra === undefined ? {} : { extra: asked.extra }),
  };
  const row = {
    tenant: context.tenant,
    application: made.uid,
    number: made.revision,
    spec_hash: asked.specHash,
    content: await sealer.seal('revision.content', revisionId(made.uid, made.revision), content),
    pins: JSON.stringify(asked.pins),
    engine: asked.engine,
    created_at: context.clock.now(),
  };
  return insert('revision', row, when);
}
