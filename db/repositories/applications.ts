import { type SQL, sql } from 'drizzle-orm';
import { Fault } from '../../engine/fault.ts';
import type { ApplicationUid } from '../../engine/ids.ts';
import type { LabelRequirement } from '../../engine/oam/label-selector.ts';
import { auditRow, type Context, preconditionFailed, untilWon } from '../context.ts';
import { pageLimit, readCursor, writePage } from '../cursor.ts';
import type { BatchResult, Row } from '../drivers/driver.ts';
import { newWriteId } from '../ids.ts';
import type { Application, ApplicationView } from '../model/application.ts';
import type { StartedRun } from '../model/run.ts';
import type { Actor, Json } from '../model/shared.ts';
import { applicationOf, headOf, listItemOf, revisionOf } from '../rows/application.ts';
import { inventoryDetailOf, inventoryOf, targetsOf } from '../rows/cluster.ts';
import { id, optionalText, text, whole } from '../rows/read.ts';
import { runOf, stepOf } from '../rows/run.ts';
import type { Sealer } from '../sealing.ts';
import { stamped } from '../statement.ts';
import type { ApplicationRepository } from '../stores-application.ts';
import { advanceMessages, newRunStatements } from './announce.ts';
import {
  selectApplication,
  selectInventory,
  selectNewestRun,
  selectStepsOfNewestRun,
  selectTargets,
  uidByName,
} from './select.ts';
import { submit } from './submit.ts';

const maxRequirements = 16;
const maxValues = 32;

/** Whether an Application `a` has labels as asked. */
function labelCondition(tenant: string, requirement: LabelRequirement): SQL {
  const named = sql`SELECT 1 FROM application_label l WHERE l.tenant = ${tenant} AND l.application = a.uid
    AND l.name = ${requirement.name}`;
  switch (requirement.operator) {
    case 'exists':
      return sql`EXISTS (${named})`;
    case 'absent':
      return sql`NOT EXISTS (${named})`;
    case 'in':
    case 'notin': {
      const values = sql.join(
        requirement.values.map((value) => sql`${value}`),
        sql`, `,
      );
      const found = sql`EXISTS (${named} AND l.value IN (${values}))`;
      return requirement.operator === 'in' ? found : sql`NOT ${found}`;
    }
    default:
      return requirement satisfies never;
  }
}

function labelConditions(tenant: string, requirements: readonly LabelRequirement[]): SQL {
  const values = requirements.reduce((sum, one) => sum + ('values' in one ? one.values.length : 1), 0);
  const empty = requirements.some((one) => 'values' in one && one.values.length === 0);
  if (requirements.length > maxRequirements || values > maxValues || empty) {
    throw new Fault(
      'request.malformed',
      `A label selector has at most ${maxRequirements} requirements with ${maxValues} values.`,
    );
  }
  return sql.join(requirements.map((one) => sql` AND ${labelCondition(tenant, one)}`));
}

/** Opens the health of services as an Application's row holds it. */
export async function servicesOf(row: Row, sealer: Sealer): Promise<Json> {
  const sealed = optionalText(row, 'services');
  return sealed === undefined ? null : sealer.open('application.services', text(row, 'uid'), sealed);
}

export function applicationRepository(context: Context): ApplicationRepository {
  const { tenant, driver } = context;

  const read = async (uid: SQL | string): Promise<Application | undefined> => {
    const [row] = await driver.all(selectApplication(tenant, uid));
    return row === undefined ? undefined : applicationOf(row, await context.sealer());
  };

  const view = async (uid: SQL | string): Promise<ApplicationView | undefined> => {
    const [application, run, steps, targets, inventory] = await driver.batch([
      selectApplication(tenant, uid),
      selectNewestRun(tenant, uid),
      selectStepsOfNewestRun(tenant, uid),
      selectTargets(tenant),
      selectInventory(tenant, uid, 'without live'),
    ]);
    const parts = await viewOf(context, [application, run, steps, targets]);
    if (parts === undefined) return undefined;
    const sealer = await context.sealer();
    return {
      ...parts,
      inventory: await Promise.all((inventory?.rows ?? []).map((row) => inventoryOf(row, sealer))),
    };
  };

  return {
    get: (namespace, name) => read(uidByName(tenant, namespace, name)),
    byUid: (uid) => read(uid),
    view: (namespace, name) => view(uidByName(tenant, namespace, name)),
    viewByUid: (uid) => view(uid),
    async list(filter, page) {
      const sealer = await context.sealer();
      const labels = filter.labels ?? [];
      const listing = {
        list: 'applications',
        filter: { namespace: filter.namespace ?? null, labels: JSON.stringify(labels) },
      };
      const after = (await readCursor(sealer, listing, page))?.[0] ?? '';
      const limit = pageLimit(page);
      const ofNamespace = filter.namespace === undefined ? sql`` : sql`AND a.namespace = ${filter.namespace}`;
      const rows = await driver.all(
        sql`SELECT a.*, s.visibility FROM application a JOIN status s ON s.tenant = a.tenant AND s.application = a.uid
          WHERE a.tenant = ${tenant} AND a.uid > ${after} AND a.removed_at IS NULL ${ofNamespace}
          ${labelConditions(tenant, labels)} ORDER BY a.uid LIMIT ${limit + 1}`,
      );
      const item = (row: Row) => listItemOf(row, sealer);
      return writePage(sealer, listing, rows, { limit, item, keyset: (row) => [text(row, 'uid')] });
    },
    submit: (actor, submission) => submit(context, actor, submission),
    requestDeletion: (actor, deletion) =>
      untilWon(async () => ({ started: await requestDeletion(context, actor, deletion) })).then(
        (won) => won.started,
      ),
    async observation(uid) {
      const [application, run, steps, targets, inventory, revision, outbox] = await driver.batch([
        selectApplication(tenant, uid),
        selectNewestRun(tenant, uid),
        selectStepsOfNewestRun(tenant, uid),
        selectTargets(tenant),
        selectInventory(tenant, uid, 'with live'),
        sql`SELECT v.* FROM revision v JOIN application a ON a.tenant = v.tenant AND a.uid = v.application
          AND a.revision = v.number WHERE v.tenant = ${tenant} AND v.application = ${uid}`,
        sql`SELECT version FROM outbox WHERE tenant = ${tenant} AND kind = 'application.observe' AND subject = ${uid}`,
      ]);
      const announced = outbox?.rows[0];
      const pinned = revision?.rows[0];
      const parts = await viewOf(context, [application, run, steps, targets]);
      if (parts === undefined || announced === undefined || pinned === undefined) return undefined;
      const sealer = await context.sealer();
      return {
        ...parts,
        revision: await revisionOf(pinned, sealer),
        inventory: await Promise.all((inventory?.rows ?? []).map((row) => inventoryDetailOf(row, sealer))),
        outboxVersion: whole(announced, 'version'),
      };
    },
    async observed(uid, health, outboxVersion) {
      const writeId = newWriteId();
      const held = stamped('application', { tenant, uid }, writeId);
      const sealer = await context.sealer();
      const services = await sealer.seal('application.services', uid, health.services);
      const announced = sql`tenant = ${tenant} AND kind = 'application.observe' AND subject = ${uid}`;
      const [won] = await driver.batch([
        sql`UPDATE application SET services = ${services}, write_id = ${writeId}
          WHERE tenant = ${tenant} AND uid = ${uid} AND removed_at IS NULL
            AND EXISTS (SELECT 1 FROM outbox WHERE ${announced} AND version >= ${outboxVersion})`,
        ...(health.publicStatus === undefined
          ? []
          : [publishStatement(context, uid, JSON.stringify(health.publicStatus), held)]),
        sql`DELETE FROM outbox WHERE ${announced} AND version = ${outboxVersion} AND ${held}`,
      ]);
      return won?.changes === 1;
    },
  };
}

/** Changes the public status where it says something else. */
export function publishStatement(context: Context, uid: ApplicationUid, summary: string, when: SQL): SQL {
  return sql`UPDATE status SET summary = ${summary}, version = version + 1, updated_at = ${context.clock.now()}
    WHERE tenant = ${context.tenant} AND application = ${uid} AND summary <> ${summary} AND ${when}`;
}

async function viewOf(
  context: Context,
  [application, run, steps, targets]: readonly (BatchResult | undefined)[],
): Promise<Omit<ApplicationView, 'inventory'> | undefined> {
  const row = application?.rows[0];
  if (row === undefined) return undefined;
  const sealer = await context.sealer();
  const newest = run?.rows[0];
  return {
    application: await applicationOf(row, sealer),
    run: newest === undefined ? undefined : await runOf(newest, sealer),
    steps: await Promise.all((steps?.rows ?? []).map((one) => stepOf(one, sealer))),
    targets: targetsOf(targets?.rows ?? []),
    services: await servicesOf(row, sealer),
  };
}

async function requestDeletion(
  context: Context,
  actor: Actor,
  asked: Parameters<ApplicationRepository['requestDeletion']>[1],
): Promise<StartedRun | undefined> {
  const { tenant, driver, clock } = context;
  const [row] = await driver.all(selectApplication(tenant, uidByName(tenant, asked.namespace, asked.name)));
  if (row === undefined) return undefined;
  const head = headOf(row);
  const { uid, revision, resourceVersion } = head;
  if (asked.expectResourceVersion !== undefined && asked.expectResourceVersion !== resourceVersion) {
    throw preconditionFailed(`The application ${asked.namespace}/${asked.name}`);
  }
  if (head.state === 'deleting') {
    return { run: id('run', row, 'run'), application: uid, revision, resourceVersion, messages: [] };
  }
  const writeId = newWriteId();
  const number = whole(row, 'run_count') + 1;
  const held = stamped('application', { tenant, uid }, writeId);
  const now = clock.now();
  const run = { id: asked.run, application: uid, number, revision, kind: 'delete' } as const;
  const detail = { namespace: head.namespace, name: head.name, run: asked.run };
  const results = await driver.batch([
    sql`UPDATE application SET state = 'deleting', deletion_requested_at = ${now}, updated_at = ${now}, run = ${asked.run},
      run_count = ${number}, resource_version = resource_version + 1, write_id = ${writeId}
      WHERE tenant = ${tenant} AND uid = ${uid} AND resource_version = ${resourceVersion} AND state = 'active'`,
    ...(await newRunStatements(context, run, held)),
    ...auditRow(
      context,
      { actor, action: 'application.delete', subjectKind: 'application', subject: uid, detail },
      held,
    ),
  ]);
  if (results[0]?.changes !== 1) throw new Fault('store.conflict', 'Another change came first. Try again.');
  const messages = advanceMessages(tenant, results);
  return { run: asked.run, application: uid, revision, resourceVersion: resourceVersion + 1, messages };
}
