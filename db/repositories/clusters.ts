import { type SQL, sql } from 'drizzle-orm';
import type { AgentId } from '../../engine/ids.ts';
import { auditRow, type Context, preconditionFailed, taken, untilWon } from '../context.ts';
import { pageLimit, readCursor, writePage } from '../cursor.ts';
import { newWriteId } from '../ids.ts';
import type { Cluster } from '../model/cluster.ts';
import type { Actor } from '../model/shared.ts';
import { clusterOf, targetsOf } from '../rows/cluster.ts';
import { text } from '../rows/read.ts';
import { insert, stamped } from '../statement.ts';
import type { ClusterRepository, OwnerGrant } from '../stores-cluster.ts';
import { dueStatements } from './announce.ts';
import { grantStatements, nameFree, namespacesFree } from './grants.ts';
import { selectTargets } from './select.ts';
import { shard } from './tenant.ts';

const listing = { list: 'clusters' };

export function clusterRepository(context: Context): ClusterRepository {
  const { tenant, driver } = context;
  const read = async (where: SQL): Promise<Cluster | undefined> => {
    const [row] = await driver.all(sql`SELECT * FROM cluster WHERE tenant = ${tenant} AND ${where}`);
    return row === undefined ? undefined : clusterOf(row);
  };
  const get = (name: string) => read(sql`name = ${name}`);
  return {
    get,
    byId: (id) => read(sql`id = ${id}`),
    async list(page) {
      const sealer = await context.sealer();
      const after = (await readCursor(sealer, listing, page))?.[0] ?? '';
      const limit = pageLimit(page);
      const rows = await driver.all(
        sql`SELECT * FROM cluster WHERE tenant = ${tenant} AND name > ${after} ORDER BY name LIMIT ${limit + 1}`,
      );
      return writePage(sealer, listing, rows, {
        limit,
        item: clusterOf,
        keyset: (row) => [text(row, 'name')],
      });
    },
    async targets() {
      return targetsOf(await driver.all(selectTargets(tenant)));
    },
    invite: (actor, invitation) =>
      untilWon(async () => {
        await invite(context, actor, invitation);
        return get(invitation.name);
      }),
    async accept(actor, name, agent, grant) {
      const cluster = await get(name);
      if (cluster === undefined) return undefined;
      await accept(context, actor, cluster, { agent, grant });
      return get(name);
    },
    async update(actor, name, change) {
      const writeId = newWriteId();
      const held = stamped('cluster', { tenant, name }, writeId);
      const labels = change.labels === undefined ? sql`` : sql`labels = ${JSON.stringify(change.labels)},`;
      const taints = change.taints === undefined ? sql`` : sql`taints = ${JSON.stringify(change.taints)},`;
      const expected =
        change.expectResourceVersion === undefined
          ? sql``
          : sql`AND resource_version = ${change.expectResourceVersion}`;
      const detail = {
        labels: change.labels ?? null,
        taints: change.taints?.map(({ key, value, effect }) => ({ key, value, effect })) ?? null,
      };
      const [won] = await driver.batch([
        sql`UPDATE cluster SET ${labels} ${taints} resource_version = resource_version + 1, write_id = ${writeId}
          WHERE tenant = ${tenant} AND name = ${name} ${expected}`,
        ...dueStatements(context, waiting(tenant, held), context.clock.now()),
        ...auditRow(
          context,
          { actor, action: 'cluster.update', subjectKind: 'cluster', subject: name, detail },
          held,
        ),
      ]);
      const cluster = await get(name);
      if (won?.changes !== 1 && cluster !== undefined) throw preconditionFailed('The cluster');
      return cluster;
    },
    async setLocal(actor, name) {
      const writeId = newWriteId();
      const held = stamped('tenant', { id: tenant }, writeId);
      const named = sql`FROM cluster_grant g WHERE g.grantee = ${tenant} AND g.name = ${name} AND g.revoked_at IS NULL`;
      const [won] = await driver.batch([
        sql`UPDATE tenant SET local_cluster = (SELECT g.cluster ${named}), local_cluster_tenant = (SELECT g.tenant ${named}),
          write_id = ${writeId} WHERE id = ${tenant} AND EXISTS (SELECT 1 ${named})`,
        ...dueStatements(context, waiting(tenant, held), context.clock.now()),
        ...auditRow(context, { actor, action: 'cluster.local', subjectKind: 'cluster', subject: name }, held),
      ]);
      return won?.changes === 1;
    },
    async revoke(actor, name) {
      const writeId = newWriteId();
      const held = stamped('cluster', { tenant, name }, writeId);
      const id = sql`(SELECT id FROM cluster WHERE tenant = ${tenant} AND name = ${name})`;
      const [won] = await driver.batch([
        sql`UPDATE cluster SET state = 'revoked', resource_version = resource_version + 1, write_id = ${writeId}
          WHERE tenant = ${tenant} AND name = ${name} AND state <> 'revoked'`,
        sql`UPDATE agent SET state = 'revoked' WHERE tenant = ${tenant} AND cluster = ${id} AND ${held}`,
        sql`DELETE FROM enrolment WHERE tenant = ${tenant} AND cluster = ${id} AND used_at IS NULL AND ${held}`,
        ...auditRow(
          context,
          { actor, action: 'cluster.revoke', subjectKind: 'cluster', subject: name },
          held,
        ),
      ]);
      return won?.changes === 1;
    },
  };
}

/** Runs that may have waited for a cluster, over `run`. */
function waiting(tenant: string, when: SQL): SQL {
  return sql`tenant = ${tenant} AND phase = 'waiting' AND finished_at IS NULL AND ${when}`;
}

async function invite(
  context: Context,
  actor: Actor,
  { id, name, tokenHash, expiresAt }: Parameters<ClusterRepository['invite']>[1],
): Promise<void> {
  const { tenant, driver, clock } = context;
  const now = clock.now();
  const writeId = newWriteId();
  const held = stamped('cluster', { tenant, name }, writeId);
  const known = sql`(SELECT id FROM cluster WHERE tenant = ${tenant} AND name = ${name})`;
  const cluster = {
    tenant,
    id,
    name,
    state: 'awaiting',
    labels: '{}',
    taints: '[]',
    kubernetes: '{}',
    capabilities: '{}',
    resource_version: 1,
    write_id: writeId,
    created_at: now,
    accepted_at: undefined,
    last_seen_at: undefined,
  };
  const token = {
    tenant,
    token_hash: tokenHash,
    cluster: known,
    agent: undefined,
    public_key: undefined,
    write_id: writeId,
    created_at: now,
    expires_at: expiresAt,
    used_at: undefined,
  };
  await driver.batch([
    sql`UPDATE cluster SET state = CASE WHEN state = 'revoked' THEN 'awaiting' ELSE state END,
      resource_version = resource_version + 1, write_id = ${writeId} WHERE tenant = ${tenant} AND name = ${name}`,
    insert(
      'cluster',
      cluster,
      sql`EXISTS (SELECT 1 FROM tenant WHERE id = ${tenant}) AND NOT EXISTS (SELECT 1 FROM cluster
        WHERE tenant = ${tenant} AND name = ${name})`,
    ),
    insert('enrolment', token, held),
    insert('directory', { kind: 'enrolment', id: tokenHash, tenant, shard, target: known }, held),
    ...auditRow(context, { actor, action: 'cluster.invite', subjectKind: 'cluster', subject: name }, held),
  ]);
}

async function accept(
  context: Context,
  actor: Actor,
  cluster: Cluster,
  { agent, grant }: { agent: AgentId; grant: OwnerGrant },
): Promise<void> {
  const { tenant, driver, clock } = context;
  const now = clock.now();
  const writeId = newWriteId();
  const key = { tenant, id: agent };
  const held = stamped('agent', key, writeId);
  const own = { ...grant, cluster: cluster.id, grantee: tenant, name: cluster.name };
  const [won, state] = await driver.batch([
    sql`UPDATE agent SET state = 'active', write_id = ${writeId} WHERE tenant = ${tenant} AND id = ${agent}
      AND cluster = ${cluster.id} AND state = 'pending' AND ${nameFree(tenant, own)} AND ${namespacesFree(context, own)}
      AND EXISTS (SELECT 1 FROM cluster c WHERE c.tenant = ${tenant} AND c.id = ${cluster.id} AND c.state <> 'revoked')`,
    sql`SELECT state FROM agent WHERE tenant = ${tenant} AND id = ${agent} AND cluster = ${cluster.id}`,
    sql`UPDATE agent SET state = 'revoked' WHERE tenant = ${tenant} AND cluster = ${cluster.id} AND id <> ${agent}
      AND state = 'active' AND ${held}`,
    sql`UPDATE cluster SET state = 'active', accepted_at = ${now}, last_seen_at = ${now},
      resource_version = resource_version + 1 WHERE tenant = ${tenant} AND id = ${cluster.id} AND ${held}`,
    ...grantStatements(context, own, newWriteId(), held),
    sql`UPDATE tenant SET local_cluster = ${cluster.id}, local_cluster_tenant = ${tenant}
      WHERE id = ${tenant} AND local_cluster IS NULL AND ${held}`,
    ...dueStatements(context, waiting(tenant, held), now),
    ...auditRow(
      context,
      { actor, action: 'cluster.accept', subjectKind: 'cluster', subject: cluster.name, detail: { agent } },
      held,
    ),
  ]);
  const row = state?.rows[0];
  const active = row !== undefined && text(row, 'state') === 'active';
  if (won?.changes !== 1 && !active)
    throw taken('This agent does not wait to be accepted, or the name or a namespace is granted already.');
}
